import { messageOf } from '../../errors/message-of.js';

const MS_PER_SECOND = 1_000;

/** A POST request. */
export interface PostRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Buffer;
}

/**
 * Sends a request and reads the response with `read`, both within `timeoutMs`. Redirects are not followed: the signature is for
 * one receiver.
 *
 * @throws {Error} whose message says why there is no response; or the reason of `stopping`, if it is aborted.
 */
export async function post<Result>(
  { url, headers, body }: PostRequest,
  timeoutMs: number,
  stopping: AbortSignal,
  read: (response: Response) => Promise<Result>,
): Promise<Result> {
  const signal = AbortSignal.any([stopping, AbortSignal.timeout(timeoutMs)]);
  try {
    return await read(await fetch(url, { method: 'POST', headers, body, redirect: 'manual', signal }));
  } catch (error) {
    stopping.throwIfAborted();
    throw new Error(
      signal.aborted ? `no response within ${timeoutMs / MS_PER_SECOND} s` : messageOf(causeOf(error)),
      { cause: error },
    );
  }
}

/** `fetch` throws "fetch failed" for every network error. Its cause has the reason. */
function causeOf(error: unknown): unknown {
  return error instanceof Error && error.cause !== undefined ? error.cause : error;
}
