import { messageOf } from '../../errors/message-of.js';
import { signDelivery } from '../../webhooks/send/sign-delivery.js';
import { post } from './post.js';

const TIMEOUT_MS = 10_000;

/** A message to deliver. */
export interface Message {
  readonly id: string;
  readonly body: string;
}

/** The result of a delivery: the receiver's HTTP status, or why there is none. */
export interface Delivery {
  readonly time: Date;
  readonly status: number | null;
  readonly error: string | null;
  readonly durationMs: number;
}

/** Posts a message once, signed as Standard Webhooks specifies. @throws the reason of `stopping`, if it is aborted. */
export async function deliver(
  url: string,
  secret: string,
  { id, body }: Message,
  stopping: AbortSignal,
): Promise<Delivery> {
  const time = new Date();
  const headers = { 'content-type': 'application/json', ...signDelivery(id, body, [secret], time) };
  const begun = performance.now();
  const result = (status: number | null, error: string | null): Delivery => ({
    time,
    status,
    error,
    durationMs: Math.round(performance.now() - begun),
  });
  try {
    return result(await post({ url, headers, body }, TIMEOUT_MS, stopping, readStatus), null);
  } catch (error) {
    stopping.throwIfAborted();
    return result(null, messageOf(error));
  }
}

async function readStatus(response: Response): Promise<number> {
  // An unread response would keep its connection open.
  await response.body?.cancel();
  return response.status;
}
