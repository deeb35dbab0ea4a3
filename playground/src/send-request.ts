import { type Credentials, signRequest } from 'customer-gateway-client';
import { type Exchange } from './exchange.js';
import { type GraphQLRequest, requestBody } from './request-body.js';

/** Fields that have to be filled in before a request can be signed, as the form names them. */
export function missingCredentials({ clientId, clientSecret, token }: Credentials): string[] {
  return [!clientId && 'client ID', !clientSecret && 'client secret', !token && 'token'].filter(
    (name) => name !== false,
  );
}

/**
 * Signs a request in this browser and sends it.
 *
 * @param path - path of the endpoint, such as `/graphql`. It is part of what is signed.
 * @throws {Error} with a message for the developer, if the request cannot be signed, or the response is not GraphQL.
 */
export async function sendRequest(
  credentials: Credentials,
  path: string,
  request: GraphQLRequest,
): Promise<Exchange> {
  const missing = missingCredentials(credentials);
  if (missing.length > 0) {
    throw new Error(`The request is not sent: enter the ${missing.join(', ')} under "Signing".`);
  }
  if (!isSecureContext) {
    throw new Error('Browsers sign only on pages from HTTPS or localhost. Open the page at one of these.');
  }
  const body = requestBody(request);
  const signed = await signRequest(credentials, { path, body });
  const started = performance.now();
  const response = await fetch(path, { method: 'POST', headers: signed.headers, body }).catch((cause) => {
    throw new Error('The gateway does not respond. Check that it is running.', { cause });
  });
  const text = await response.text();
  const ms = performance.now() - started;
  const { headers } = response;
  const remaining = headers.get('ratelimit-remaining');
  return {
    signed,
    status: response.status,
    ms,
    limit:
      remaining === null
        ? undefined
        : { limit: headers.get('ratelimit-limit'), remaining, reset: headers.get('ratelimit-reset') },
    requestId: headers.get('x-request-id'),
    gatewayTime: Date.parse(headers.get('date') ?? ''),
    result: readResult(text, response.status),
  };
}

function readResult(text: string, status: number): Exchange['result'] {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new Error(`HTTP ${status} without JSON. Check for a proxy between this browser and the gateway.`, {
      cause,
    });
  }
}
