import { useEffect, useState } from 'react';
import {
  CreateCustomerDocument,
  type CreateCustomerInput,
  type CreateCustomerMutation,
} from '../../generated/graphql';
import { execute, type Result } from '../execute';
import { type FieldErrors, fieldErrorsOf, NO_ERRORS } from './field-errors';

/** The union of the schema, with the fields this page selects. */
export type CreateCustomerResult = CreateCustomerMutation['createCustomer'];

interface State {
  readonly isSending: boolean;
  readonly result: Result<CreateCustomerResult> | undefined;
  readonly errors: FieldErrors;
  /** Seconds until the rate limit allows another request. */
  readonly waitSeconds: number;
}

const INITIAL_STATE: State = { isSending: false, result: undefined, errors: NO_ERRORS, waitSeconds: 0 };

/** Sends one form. Every attempt has the same idempotency key, so retries never create a duplicate. */
export function useCreateCustomer() {
  const [idempotencyKey, setIdempotencyKey] = useState(() => crypto.randomUUID());
  const [state, setState] = useState(INITIAL_STATE);

  const { waitSeconds } = state;
  useEffect(() => {
    if (waitSeconds === 0) return undefined;
    const timer = setTimeout(() => {
      setState((now) => ({ ...now, waitSeconds: now.waitSeconds - 1 }));
    }, 1_000);
    return () => {
      clearTimeout(timer);
    };
  }, [waitSeconds]);

  async function send(
    input: CreateCustomerInput,
    key = idempotencyKey,
  ): Promise<CreateCustomerResult | undefined> {
    setState({ ...INITIAL_STATE, isSending: true });
    const result = await execute(CreateCustomerDocument, { input, idempotencyKey: key });
    if ('failure' in result) {
      setState({ ...INITIAL_STATE, result });
      return undefined;
    }
    const outcome = result.data.createCustomer;
    setState({
      isSending: false,
      result: { data: outcome },
      errors: fieldErrorsOf(outcome),
      waitSeconds: outcome.__typename === 'RateLimited' ? outcome.details.retryAfterSeconds : 0,
    });
    return outcome;
  }

  return {
    ...state,
    send,
    /** Sends the form with a new idempotency key, so that it creates another customer. */
    sendAsNew: (input: CreateCustomerInput) => {
      const key = crypto.randomUUID();
      setIdempotencyKey(key);
      return send(input, key);
    },
    changeErrors: (change: (errors: FieldErrors) => FieldErrors) => {
      setState((now) => ({ ...now, errors: change(now.errors) }));
    },
  };
}
