import { useEffect, useState } from 'react';
import {
  CreateCustomerDocument,
  type CreateCustomerInput,
  type CreateCustomerMutation,
} from '../../generated/graphql';
import { type Answer, ask } from '../ask';
import { type FieldErrors, fieldErrorsOf, NO_ERRORS } from './field-errors';

/** The union of the contract, as far as this page selects it. */
export type CreateCustomerResult = CreateCustomerMutation['createCustomer'];

interface Sending {
  readonly isSending: boolean;
  readonly answer: Answer<CreateCustomerResult> | undefined;
  readonly errors: FieldErrors;
  /** Seconds until the gateway takes another request of ours. */
  readonly waitSeconds: number;
}

const NOTHING_SENT: Sending = { isSending: false, answer: undefined, errors: NO_ERRORS, waitSeconds: 0 };

/**
 * Sends one form, as often as it takes. Every try has the same idempotency key, so the customer is stored once, whatever
 * became of the tries before.
 */
export function useCreateCustomer() {
  const [idempotencyKey, setIdempotencyKey] = useState(() => crypto.randomUUID());
  const [sending, setSending] = useState(NOTHING_SENT);

  const { waitSeconds } = sending;
  useEffect(() => {
    if (waitSeconds === 0) return undefined;
    const timer = setTimeout(() => {
      setSending((now) => ({ ...now, waitSeconds: now.waitSeconds - 1 }));
    }, 1_000);
    return () => {
      clearTimeout(timer);
    };
  }, [waitSeconds]);

  async function send(
    input: CreateCustomerInput,
    key = idempotencyKey,
  ): Promise<CreateCustomerResult | undefined> {
    setSending({ ...NOTHING_SENT, isSending: true });
    const answer = await ask(CreateCustomerDocument, { input, idempotencyKey: key });
    if ('failure' in answer) {
      setSending({ ...NOTHING_SENT, answer });
      return undefined;
    }
    const result = answer.data.createCustomer;
    setSending({
      isSending: false,
      answer: { data: result },
      errors: fieldErrorsOf(result),
      waitSeconds: result.__typename === 'RateLimited' ? result.details.retryAfterSeconds : 0,
    });
    return result;
  }

  return {
    ...sending,
    send,
    /** Sends a form that was stored with other values as one that was never sent. */
    sendAsAnother: (input: CreateCustomerInput) => {
      const key = crypto.randomUUID();
      setIdempotencyKey(key);
      return send(input, key);
    },
    changeErrors: (change: (errors: FieldErrors) => FieldErrors) => {
      setSending((now) => ({ ...now, errors: change(now.errors) }));
    },
  };
}
