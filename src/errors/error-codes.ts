/** Every machine-readable `code` that an answer can carry, whether in a result or in `errors[].extensions`. */
export const errorCodes = {
  /** One or more fields of the input are not valid. */
  VALIDATION_FAILED: 'VALIDATION_FAILED',
  /** A query's arguments, or the variables of any operation, are not valid. */
  BAD_USER_INPUT: 'BAD_USER_INPUT',
  /** The team has a customer with this email. */
  EMAIL_EXISTS: 'EMAIL_EXISTS',
  /** The team has a customer with this external id. */
  EXTERNAL_ID_EXISTS: 'EXTERNAL_ID_EXISTS',
  /** The customer has changed since it was read. */
  VERSION_MISMATCH: 'VERSION_MISMATCH',
  /** The team has no such customer. */
  CUSTOMER_NOT_FOUND: 'CUSTOMER_NOT_FOUND',
  /** The idempotency key was used for another input. */
  IDEMPOTENCY_KEY_REUSED: 'IDEMPOTENCY_KEY_REUSED',
  /** The client has used up its requests for now. */
  RATE_LIMIT_EXCEEDED: 'RATE_LIMIT_EXCEEDED',
  /** We don't know the caller. */
  UNAUTHENTICATED: 'UNAUTHENTICATED',
  /** The document asks for more than one may: `bound` says of what, `limit` how much is allowed. */
  QUERY_TOO_COMPLEX: 'QUERY_TOO_COMPLEX',
  /** A list took longer than its deadline. Narrow it; the same request is likely to fail again. */
  QUERY_TOO_SLOW: 'QUERY_TOO_SLOW',
  /** The response would have more bytes than allowed. Ask for less. */
  RESPONSE_TOO_LARGE: 'RESPONSE_TOO_LARGE',
  /** The document is not GraphQL, or not a valid document of our schema, or has no operation of the name sent. */
  GRAPHQL_PARSE_FAILED: 'GRAPHQL_PARSE_FAILED',
  GRAPHQL_VALIDATION_FAILED: 'GRAPHQL_VALIDATION_FAILED',
  OPERATION_RESOLUTION_FAILURE: 'OPERATION_RESOLUTION_FAILURE',
  /** The request names a document by its hash; send the document. */
  PERSISTED_QUERY_NOT_SUPPORTED: 'PERSISTED_QUERY_NOT_SUPPORTED',
  /** The HTTP request is not one that we serve. */
  BAD_REQUEST: 'BAD_REQUEST',
  METHOD_NOT_ALLOWED: 'METHOD_NOT_ALLOWED',
  NOT_FOUND: 'NOT_FOUND',
  PAYLOAD_TOO_LARGE: 'PAYLOAD_TOO_LARGE',
  UNSUPPORTED_MEDIA_TYPE: 'UNSUPPORTED_MEDIA_TYPE',
  /** Something that we depend on does not answer for the moment; try again after `Retry-After`. */
  SERVICE_UNAVAILABLE: 'SERVICE_UNAVAILABLE',
  /** Something broke on our side; the request id finds it in our log. */
  INTERNAL_SERVER_ERROR: 'INTERNAL_SERVER_ERROR',
} as const;

export type ErrorCode = keyof typeof errorCodes;
