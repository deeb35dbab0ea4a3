import { type DueDelivery, type TakenEndpoint } from './delivery-store.js';
import { signDelivery } from './sign-delivery.js';
import { testBody, webhookBody } from './webhook-body.js';
import { type SendResult, type WebhookSender } from './webhook-sender.js';

/** A delivery to send. */
export interface Sending {
  readonly delivery: DueDelivery;
  readonly endpoint: Pick<TakenEndpoint, 'teamId' | 'url'>;
  /** The current secret, and the previous one during a rotation. */
  readonly secrets: readonly string[];
}

/**
 * Sends a delivery once.
 *
 * @param at - the time of the attempt, which is signed.
 * @param aborting - aborts the attempt.
 * @returns undefined if the attempt was aborted.
 */
export async function attemptDelivery(
  sender: WebhookSender,
  { delivery, endpoint, secrets }: Sending,
  at: Date,
  aborting: AbortSignal,
): Promise<SendResult | undefined> {
  const { event, createdAt } = delivery;
  if (isLost(delivery)) return { status: null, durationMs: 0, error: 'the event is no longer kept' };
  const id = event?.id ?? delivery.id;
  const body = event ? webhookBody(endpoint.teamId, event) : testBody(endpoint.teamId, id, createdAt);
  try {
    return await sender.send(endpoint.url, signDelivery(id, body, secrets, at), body, aborting);
  } catch (error) {
    if (aborting.aborted) return undefined;
    throw error;
  }
}

/** Whether the event of a delivery was removed, so that it can never be sent. */
export const isLost = ({ event, isTest }: DueDelivery): boolean => event === undefined && !isTest;

/** Whether an attempt has reached the endpoint. */
export const isSuccess = ({ status, error }: SendResult): boolean =>
  error === null && status !== null && status >= 200 && status < 300;
