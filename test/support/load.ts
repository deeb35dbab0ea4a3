import { setTimeout as sleep } from 'node:timers/promises';
import { CREATE_CUSTOMER } from './operations.js';
import { type Answer, newEmail, type SignedClient } from './signed-client.js';

/** A create that was sent, and its answer once there is one. */
export interface Call {
  readonly input: { readonly customer: string; readonly email: string; readonly contacts: readonly object[] };
  readonly idempotencyKey: string;
  answer?: Answer;
  /** When the connection broke before the answer. */
  broken?: unknown;
}

/**
 * How long a caller rests after a call that was not served, in ms. Refusals are quick: callers who did not rest would
 * take the CPU from the server that everyone waits for.
 */
const REST_MS = 100;

/** Callers who create customers with two contacts, one after another, until they are told to stop. */
export interface Load {
  readonly calls: readonly Call[];
  /** The calls that were answered with this HTTP status, in the order sent. */
  answered(status: number): Call[];
  /** Resolves when the calls under way have ended. */
  stop(): Promise<void>;
}

export function send(client: SignedClient, { input, idempotencyKey }: Call): Promise<Answer> {
  return client.send(CREATE_CUSTOMER, { input, idempotencyKey });
}

export function startLoad(client: SignedClient, callers: number): Load {
  const calls: Call[] = [];
  const stopping = new AbortController();
  const run = async () => {
    while (!stopping.signal.aborted) {
      const email = newEmail();
      const contacts = [{ firstName: 'Ada', email }, { firstName: 'Bob' }];
      const call: Call = { input: { customer: 'Acme', email, contacts }, idempotencyKey: email };
      calls.push(call);
      try {
        call.answer = await send(client, call);
      } catch (error) {
        call.broken = error;
      }
      if (call.answer?.status !== 200) await sleep(REST_MS);
    }
  };
  const running = Array.from({ length: callers }, run);
  return {
    calls,
    answered: (status) => calls.filter(({ answer }) => answer?.status === status),
    async stop() {
      stopping.abort();
      await Promise.all(running);
    },
  };
}

/** The customer that a call was told it created. */
export const createdBy = ({ answer }: Call) => answer?.json.data.createCustomer.data;
