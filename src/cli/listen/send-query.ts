import { z } from 'zod';
import { errorCodes } from '../../errors/error-codes.js';
import { messageOf } from '../../errors/message-of.js';
import { FieldErrorCode } from '../../validation/field-error-code.js';
import { type ClientCredentials } from '../client-credentials.js';
import { signRequest } from '../sign-request.js';
import { post } from './post.js';

/** More than the gateway takes for a query. */
const TIMEOUT_MS = 30_000;

const MS_PER_SECOND = 1_000;

/** The longest `Retry-After` that is followed, in seconds. */
const MAX_RETRY_AFTER_SECONDS = 3_600;

const UNAUTHENTICATED = 401;
const TOO_MANY_REQUESTS = 429;
const FIRST_SERVER_ERROR = 500;

/** Errors in a response with status 200 that the same query may not have later. */
const TEMPORARY_CODES: ReadonlySet<string> = new Set([
  errorCodes.SERVICE_UNAVAILABLE,
  errorCodes.INTERNAL_SERVER_ERROR,
  errorCodes.QUERY_TOO_SLOW,
]);

const EXPIRED_CURSOR: string = FieldErrorCode.EXPIRED_CURSOR;

const graphqlError = z.object({
  message: z.string(),
  extensions: z
    .object({
      code: z.string().default('without code'),
      reason: z.string().optional(),
      errors: z.array(z.object({ code: z.string() })).default([]),
    })
    .prefault({}),
});

const graphqlResponse = z.object({
  data: z.unknown().optional(),
  errors: z.tuple([graphqlError], graphqlError).optional(),
});

/** Thrown for a query that may succeed later: the gateway is unavailable or limits the client's rate. */
export class TemporaryFailure extends Error {
  override readonly name = 'TemporaryFailure';

  /** @param retryAfterMs - how long the gateway asks to wait; 0 if it does not ask. */
  constructor(
    readonly reason: 'UNAVAILABLE' | 'RATE_LIMITED',
    readonly retryAfterMs: number,
    message: string,
  ) {
    super(message);
  }
}

/** Thrown for the cursor of an event that has been removed. */
export class ExpiredCursor extends Error {
  override readonly name = 'ExpiredCursor';
}

/** A query and the rules for the data of its response. */
export interface Query<Data> {
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly data: z.ZodType<Data>;
}

/**
 * Sends a query to the gateway once.
 *
 * @throws {TemporaryFailure | ExpiredCursor} or an Error that is permanent, such as wrong credentials.
 */
export async function sendQuery<Data>(
  credentials: ClientCredentials,
  { query, variables, data }: Query<Data>,
  stopping: AbortSignal,
): Promise<Data> {
  const { url } = credentials;
  const body = Buffer.from(JSON.stringify({ query, variables }));
  const { status, retryAfterMs, json } = await post(
    { url, headers: signRequest(credentials, body).headers, body },
    TIMEOUT_MS,
    stopping,
    readResponse,
  ).catch((error: unknown) => {
    stopping.throwIfAborted();
    throw new TemporaryFailure('UNAVAILABLE', 0, `Cannot reach the gateway at ${url}: ${messageOf(error)}.`);
  });

  const { errors: [error] = [], data: received } = json ?? {};
  const code = error?.extensions.code ?? '';
  if (status === TOO_MANY_REQUESTS || code === errorCodes.RATE_LIMIT_EXCEEDED) {
    throw new TemporaryFailure('RATE_LIMITED', retryAfterMs, 'Rate limit exceeded.');
  }
  if (status >= FIRST_SERVER_ERROR || TEMPORARY_CODES.has(code)) {
    const what = `The gateway at ${url} is unavailable: HTTP ${status}${code && `, ${code}`}.`;
    throw new TemporaryFailure('UNAVAILABLE', retryAfterMs, what);
  }
  if (status === UNAUTHENTICATED) {
    throw new Error(`Authentication at ${url} failed: ${error?.extensions.reason ?? `HTTP ${status}`}.`);
  }
  if (error?.extensions.errors.some((field) => field.code === EXPIRED_CURSOR)) {
    throw new ExpiredCursor(error.message);
  }
  if (error) throw new Error(`The gateway at ${url} returned an error: ${error.message} (${code})`);
  const parsed = data.safeParse(received);
  if (!parsed.success) throw new Error(`${url} did not return a valid response (HTTP ${status}).`);
  return parsed.data;
}

async function readResponse(response: Response) {
  const text = await response.text();
  const seconds = Number(response.headers.get('retry-after')) || 0;
  return {
    status: response.status,
    retryAfterMs: Math.min(seconds, MAX_RETRY_AFTER_SECONDS) * MS_PER_SECOND,
    json: parseResponse(text),
  };
}

/** Returns undefined for anything but a GraphQL response: a proxy may respond with HTML. */
function parseResponse(text: string): z.output<typeof graphqlResponse> | undefined {
  try {
    return graphqlResponse.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
