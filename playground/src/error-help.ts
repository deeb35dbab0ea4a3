import type { ErrorCode } from '../../src/errors/error-codes.js';

/** What each error code means and what to do, in the order of the "Error codes" dialog. */
export const ERROR_HELP: Record<ErrorCode, string> = {
  VALIDATION_FAILED:
    'The input is not valid. Nothing was stored. Correct every field listed in `errors` and send the request again.',
  EMAIL_EXISTS:
    'The team already has a customer with this email. Nothing was stored. Use another email, or `upsertCustomer` to update the existing customer.',
  EXTERNAL_ID_EXISTS:
    'The team already has a customer with this external ID. Nothing was stored. Use another external ID, or `upsertCustomer` to update the existing customer.',
  VERSION_MISMATCH:
    'The customer has changed since this version was read. Nothing was stored. Read the customer again and send its current version.',
  IDEMPOTENCY_KEY_REUSED:
    'The idempotency key was used with a different input. Nothing was stored. Use a new key for a new customer.',
  CUSTOMER_ERASED:
    'The personal data of the customer was erased. It cannot be restored, and repeating the request that created it creates nothing. To create the customer again, use `createCustomer` with another idempotency key.',
  CUSTOMER_NOT_FOUND: 'The team has no customer with this ID. Nothing was changed. Check the ID.',
  WEBHOOK_ENDPOINT_NOT_FOUND:
    'The client has no webhook endpoint with this ID for the team. Nothing was changed. Check the ID with `webhookEndpoints`.',
  WEBHOOK_DELIVERY_NOT_FOUND:
    'The client has no delivery with this ID for the team. Nothing was changed. Check the ID with `deliveries`.',
  ENDPOINT_LIMIT_REACHED:
    'The client has the maximum number of webhook endpoints for this team. Nothing was stored. Delete an endpoint first.',
  ENDPOINT_DISABLED:
    'The webhook endpoint is disabled, so nothing is sent to it. Correct the cause in `disabledReason`, then enable it with `updateWebhookEndpoint`.',
  RATE_LIMIT_EXCEEDED:
    'The client has reached its rate limit. The field did not run. Retry after the number of seconds in the `Retry-After` header.',
  UNAUTHENTICATED:
    'The signature or the token was not accepted. The `reason` in the error says which part to correct.',
  FORBIDDEN:
    'The token does not have a scope that the operation requires, so nothing was executed; or one that an object of `node` or `nodes` requires. Use a token that also has the scopes in `missingScopes`, or remove the fields that the message names.',
  BAD_USER_INPUT: 'The variables or the arguments are not valid. Correct what the error names.',
  QUERY_TOO_COMPLEX:
    'The document exceeds a limit: `bound` names it and `limit` is the maximum. Select fewer fields, or split the document.',
  QUERY_TOO_SLOW:
    'The list took too long. Use a longer search or more filters, do not select totals, or page with `customersConnection`.',
  RESPONSE_TOO_LARGE:
    'The response would be larger than the gateway sends. Select fewer fields or request fewer items at once.',
  GRAPHQL_PARSE_FAILED: 'The document has a syntax error. Correct the position named in `locations`.',
  GRAPHQL_VALIDATION_FAILED:
    'The document does not match the schema. Correct the fields and arguments named in the errors.',
  OPERATION_RESOLUTION_FAILURE:
    'The document has several operations, or none with the name sent. Send the name of one of its operations.',
  PERSISTED_QUERY_NOT_FOUND:
    'The client has published no document with this ID. Send the document itself, or publish it first.',
  PERSISTED_QUERY_NOT_IN_LIST:
    'The client has published no document with this ID. Publish the manifest that contains it with `customer-gateway documents publish`.',
  PERSISTED_QUERY_ID_REQUIRED:
    'This client may only execute published documents. Send the ID of one as `documentId` instead of `query`. The playground sends text: use a client that may send any document.',
  BAD_REQUEST: 'The HTTP request is not valid. Send a JSON object with `query` and `variables`.',
  METHOD_NOT_ALLOWED: 'The endpoint accepts POST only.',
  NOT_FOUND: 'The path does not exist. Send operations to the GraphQL endpoint.',
  PAYLOAD_TOO_LARGE: 'The body is larger than the gateway accepts. Send fewer rows per request.',
  UNSUPPORTED_MEDIA_TYPE: 'The content type is not supported. Send `Content-Type: application/json`.',
  SERVICE_UNAVAILABLE:
    'The database or Redis does not respond. Whether a mutation was stored is unknown. Retry with the same idempotency key after the number of seconds in the `Retry-After` header.',
  INTERNAL_SERVER_ERROR:
    'An unexpected error occurred in the gateway. Give the request ID to its operator: the log has the cause under it.',
};

/** The explanation of a code, or undefined for a code that is newer than this page. */
export function errorHelp(code: unknown): string | undefined {
  return typeof code === 'string' && isErrorCode(code) ? ERROR_HELP[code] : undefined;
}

function isErrorCode(code: string): code is ErrorCode {
  return Object.hasOwn(ERROR_HELP, code);
}
