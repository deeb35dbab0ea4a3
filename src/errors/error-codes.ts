/** Every `code` of a response, in a result or in `errors[].extensions`. */
export const errorCodes = {
  /** One or more fields of the input are not valid. */
  VALIDATION_FAILED: 'VALIDATION_FAILED',
  /** A query's arguments, or the variables of any operation, are not valid. */
  BAD_USER_INPUT: 'BAD_USER_INPUT',
  /** The team has a customer with this email. */
  EMAIL_EXISTS: 'EMAIL_EXISTS',
  /** The team has a customer with this external ID. */
  EXTERNAL_ID_EXISTS: 'EXTERNAL_ID_EXISTS',
  /** The customer was updated after it was read. */
  VERSION_MISMATCH: 'VERSION_MISMATCH',
  /** The team has no such customer. */
  CUSTOMER_NOT_FOUND: 'CUSTOMER_NOT_FOUND',
  /** The customer was erased and cannot be restored or created again by a repeated request. */
  CUSTOMER_ERASED: 'CUSTOMER_ERASED',
  /** The client has no such webhook endpoint for the team. */
  WEBHOOK_ENDPOINT_NOT_FOUND: 'WEBHOOK_ENDPOINT_NOT_FOUND',
  /** The client has no such delivery for the team. */
  WEBHOOK_DELIVERY_NOT_FOUND: 'WEBHOOK_DELIVERY_NOT_FOUND',
  /** The client has the maximum number of webhook endpoints for the team. */
  ENDPOINT_LIMIT_REACHED: 'ENDPOINT_LIMIT_REACHED',
  /** The webhook endpoint is disabled. */
  ENDPOINT_DISABLED: 'ENDPOINT_DISABLED',
  /** The idempotency key was used with a different input. */
  IDEMPOTENCY_KEY_REUSED: 'IDEMPOTENCY_KEY_REUSED',
  /** The client exceeded its rate limit. */
  RATE_LIMIT_EXCEEDED: 'RATE_LIMIT_EXCEEDED',
  /** The caller is not authenticated. */
  UNAUTHENTICATED: 'UNAUTHENTICATED',
  /** The token does not have a scope that the operation requires. `missingScopes` has the names. */
  FORBIDDEN: 'FORBIDDEN',
  /** The document exceeds a limit: `bound` names it, `limit` is the maximum. */
  QUERY_TOO_COMPLEX: 'QUERY_TOO_COMPLEX',
  /** A list exceeded its timeout. The same request is likely to fail again. */
  QUERY_TOO_SLOW: 'QUERY_TOO_SLOW',
  /** The response would exceed the maximum size. */
  RESPONSE_TOO_LARGE: 'RESPONSE_TOO_LARGE',
  /** The document has a syntax error, does not match the schema, or has no operation with the given name. */
  GRAPHQL_PARSE_FAILED: 'GRAPHQL_PARSE_FAILED',
  GRAPHQL_VALIDATION_FAILED: 'GRAPHQL_VALIDATION_FAILED',
  OPERATION_RESOLUTION_FAILURE: 'OPERATION_RESOLUTION_FAILURE',
  /** The client has no published document with this ID. The request can be sent again with the document itself. */
  PERSISTED_QUERY_NOT_FOUND: 'PERSISTED_QUERY_NOT_FOUND',
  /** The same, for a client that may only execute published documents. */
  PERSISTED_QUERY_NOT_IN_LIST: 'PERSISTED_QUERY_NOT_IN_LIST',
  /** The client may only execute published documents, and the request does not name one by its ID. */
  PERSISTED_QUERY_ID_REQUIRED: 'PERSISTED_QUERY_ID_REQUIRED',
  /** The HTTP request is not valid or not supported. */
  BAD_REQUEST: 'BAD_REQUEST',
  METHOD_NOT_ALLOWED: 'METHOD_NOT_ALLOWED',
  NOT_FOUND: 'NOT_FOUND',
  PAYLOAD_TOO_LARGE: 'PAYLOAD_TOO_LARGE',
  UNSUPPORTED_MEDIA_TYPE: 'UNSUPPORTED_MEDIA_TYPE',
  /** A dependency does not respond. Retry after `Retry-After`. */
  SERVICE_UNAVAILABLE: 'SERVICE_UNAVAILABLE',
  /** An unexpected error. The request ID finds it in the log. */
  INTERNAL_SERVER_ERROR: 'INTERNAL_SERVER_ERROR',
} as const;

export type ErrorCode = keyof typeof errorCodes;
