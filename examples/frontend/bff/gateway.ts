import { createSignedFetch, type Credentials } from 'customer-gateway-client';
import type { FastifyBaseLogger, FastifyRequest } from 'fastify';
import type { Documents } from './documents.ts';

/** A GraphQL operation that is published on the gateway, as the gateway expects it. */
export interface Operation {
  readonly documentId: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

export interface GatewayResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Sends an operation to the gateway for the user who made `request`. Never rejects. */
export type SendToGateway = (operation: Operation, request: FastifyRequest) => Promise<GatewayResponse>;

/** Response headers of the gateway that are passed on to the page. */
const FORWARDED_HEADERS = [
  'content-type',
  'ratelimit-limit',
  'ratelimit-remaining',
  'ratelimit-reset',
  'retry-after',
  'x-request-id',
];

/** Maximum time for one operation including retries, in ms. */
const TIMEOUT_MS = 10_000;

/** The signed fetch retries within 2 s, because a person is waiting. After that, the page offers to try again. */
const RETRY = { maxAttempts: 3, maxWaitMs: 2_000 };

/**
 * Signs operations and sends them to the gateway at `url`. The client secret and the token are used only here.
 *
 * @param credentials - those of the settings. Your app has one client ID and secret, and one token for each user who has
 *   given consent: find the user's session by the cookie of the request here, and use the token from there.
 * @param documents - tell the signed fetch which operations it may retry.
 */
export function connectGateway(url: string, credentials: Credentials, documents: Documents): SendToGateway {
  const signedFetch = createSignedFetch(credentials, { retry: RETRY, documents });
  return async (operation, request) => {
    try {
      const response = await signedFetch(url, {
        method: 'POST',
        body: JSON.stringify(operation),
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      const headers = FORWARDED_HEADERS.flatMap((name) => {
        const value = response.headers.get(name);
        return value === null ? [] : [[name, value]];
      });
      return { status: response.status, headers: Object.fromEntries(headers), body: await response.text() };
    } catch (error) {
      return unavailable(error, request.id, request.log);
    }
  };
}

/** The response to the page if the gateway sent none. The cause goes to the log only. */
function unavailable(error: unknown, requestId: string, log: FastifyBaseLogger): GatewayResponse {
  log.error({ err: error }, 'The gateway did not respond.');
  const isTimeout = error instanceof DOMException && error.name === 'TimeoutError';
  const extensions = { code: isTimeout ? 'GATEWAY_TIMEOUT' : 'GATEWAY_UNREACHABLE', requestId };
  return {
    status: isTimeout ? 504 : 502,
    headers: { 'content-type': 'application/json; charset=utf-8', 'x-request-id': requestId },
    body: JSON.stringify({ errors: [{ message: 'The gateway did not respond.', extensions }] }),
  };
}

/**
 * Sends an unsigned request, which a gateway refuses with a GraphQL error.
 *
 * @returns what is wrong with `url`, or `undefined` if a GraphQL server responds there.
 */
export async function findGatewayProblem(url: string): Promise<string | undefined> {
  const headers = { 'content-type': 'application/json' };
  try {
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    const response = await fetch(url, { method: 'POST', headers, body: '{}', signal });
    const body: unknown = await response.json().catch(() => undefined);
    const isGraphQL = typeof body === 'object' && body !== null && 'errors' in body;
    // The gateway's 404 of another path is in the form of a GraphQL error too.
    if (isGraphQL && response.status !== 404) return undefined;
    return `${url} responded with HTTP ${response.status} instead of a GraphQL error. Set GATEWAY_URL to the gateway's GraphQL endpoint.`;
  } catch {
    return `No gateway responds at ${url}. Start the gateway, or correct GATEWAY_URL.`;
  }
}
