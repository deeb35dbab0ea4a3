import { type Credentials, type SignedRequest, signRequest } from 'customer-gateway-client';
import { type ExecutionResult } from 'graphql';

/** A request that was signed and sent, and what came back. */
export interface Exchange {
  /** The operation's name, such as `IntrospectionQuery`; null when it has none. */
  readonly operationName: string | null;
  readonly signed: SignedRequest;
  readonly status: number;
  /** From sending to the last byte of the answer, in ms. */
  readonly ms: number;
  /** `RateLimit-*`, of an answer to a known client. */
  readonly limit: RateLimit | undefined;
  readonly requestId: string | null;
  /** The gateway's time when it answered, in ms since the epoch; to the second. */
  readonly gatewayTime: number;
  /** The answer's JSON. */
  readonly answer: ExecutionResult<Record<string, unknown>>;
}

export interface RateLimit {
  readonly limit: string | null;
  readonly remaining: string;
  /** In seconds. */
  readonly reset: string | null;
}

/** What GraphiQL asks to be sent. */
export interface GraphQLRequest {
  readonly query: string;
  readonly operationName?: string | null | undefined;
  readonly variables?: unknown;
}

/**
 * Signs an operation in this browser and sends it.
 *
 * @param path - where to, such as `/graphql`. It is signed as it stands.
 * @throws {Error} in words for the developer, when nothing could be signed, or nothing came back that is GraphQL.
 */
export async function exchange(
  credentials: Credentials,
  path: string,
  request: GraphQLRequest,
): Promise<Exchange> {
  const { clientId, clientSecret, token } = credentials;
  if (!clientId || !clientSecret || !token) {
    throw new Error('Fill in the client id, the client secret and the token: every request is signed.');
  }
  if (!isSecureContext) {
    throw new Error('Browsers let a page sign only if it came by HTTPS or from localhost.');
  }
  const body = JSON.stringify(request);
  const signed = await signRequest(credentials, { path, body });
  const started = performance.now();
  const response = await fetch(path, { method: 'POST', headers: signed.headers, body }).catch((cause) => {
    throw new Error('The gateway does not answer. Does it run?', { cause });
  });
  const text = await response.text();
  const ms = performance.now() - started;
  const { headers } = response;
  const remaining = headers.get('ratelimit-remaining');
  return {
    operationName: request.operationName ?? null,
    signed,
    status: response.status,
    ms,
    limit:
      remaining === null
        ? undefined
        : { limit: headers.get('ratelimit-limit'), remaining, reset: headers.get('ratelimit-reset') },
    requestId: headers.get('x-request-id'),
    gatewayTime: Date.parse(headers.get('date') ?? ''),
    answer: readAnswer(text, response.status),
  };
}

function readAnswer(text: string, status: number): Exchange['answer'] {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new Error(`HTTP ${status}, and no JSON: is there a proxy in between?`, { cause });
  }
}
