import { createSignedFetch, type Credentials } from 'customer-gateway-client';
import type { FastifyBaseLogger, FastifyRequest } from 'fastify';

/** An operation as the gateway takes it. */
export interface Operation {
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

export interface GatewayAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Sends an operation for whoever made a request of ours. */
export type Ask = (operation: Operation, request: FastifyRequest) => Promise<GatewayAnswer>;

/** What of an answer the page may see, or needs to. */
const PASSED_ON = [
  'content-type',
  'ratelimit-limit',
  'ratelimit-remaining',
  'ratelimit-reset',
  'retry-after',
  'x-request-id',
];

/** How long the page waits for an answer at most, tries again and all, in ms. */
const DEADLINE_MS = 10_000;

/**
 * What asks the gateway at `url`. The secret and the token are used here and nowhere else.
 *
 * @param credentials - those of the demo. An app of your own has one client id and secret, and a token for each user who
 *   has given consent: look up the user's session by the request's cookie here, and take the token from there.
 */
export function gatewayAt(url: string, credentials: Credentials): Ask {
  // A person waits: what may be tried again is, for about two seconds. Then the page says so, and offers to go on.
  const retry = { maxAttempts: 3, maxWaitMs: 2_000 };
  const signedFetch = createSignedFetch(credentials, { retry });
  return async (operation, request) => {
    try {
      const response = await signedFetch(url, {
        method: 'POST',
        body: JSON.stringify(operation),
        signal: AbortSignal.timeout(DEADLINE_MS),
      });
      const headers = PASSED_ON.flatMap((name) => {
        const value = response.headers.get(name);
        return value === null ? [] : [[name, value]];
      });
      return { status: response.status, headers: Object.fromEntries(headers), body: await response.text() };
    } catch (error) {
      return noAnswer(error, request.id, request.log);
    }
  };
}

/** What the page is told when no answer came; the reason is for the log. */
function noAnswer(error: unknown, requestId: string, log: FastifyBaseLogger): GatewayAnswer {
  log.error({ err: error }, 'no answer from the gateway');
  const isLate = error instanceof DOMException && error.name === 'TimeoutError';
  const extensions = { code: isLate ? 'GATEWAY_TIMEOUT' : 'GATEWAY_UNREACHABLE', requestId };
  return {
    status: isLate ? 504 : 502,
    headers: { 'content-type': 'application/json; charset=utf-8', 'x-request-id': requestId },
    body: JSON.stringify({ errors: [{ message: 'The gateway does not answer.', extensions }] }),
  };
}

/** Whether a gateway is there to be asked. */
export async function answers(url: string): Promise<boolean> {
  const signal = AbortSignal.timeout(DEADLINE_MS);
  const response = await fetch(new URL('/healthz', url), { signal }).catch(() => undefined);
  return response?.ok ?? false;
}
