import { useEffect, useId, useRef, useState } from 'react';
import { Outcome } from '../outcomes/outcome';
import { ExistingCustomer } from '../outcomes/existing-customer';
import { CustomerForm } from './customer-form';
import { EMPTY_DRAFT, toInput } from './draft';
import {
  errorsWithoutField,
  FieldErrorsContext,
  withoutContactErrors,
  withoutErrorsOf,
} from './field-errors';
import { useCreateCustomer } from './use-create-customer';

interface CreateCustomerProps {
  readonly isFirst: boolean;
  readonly onCreated: () => void;
  readonly onNext: () => void;
}

/** The form for a customer, and the outcome of sending it. */
export function CreateCustomer({ isFirst, onCreated, onNext }: CreateCustomerProps) {
  const id = useId();
  const section = useRef<HTMLElement>(null);
  const [draft, setDraft] = useState(EMPTY_DRAFT);
  const { result, errors, isSending, waitSeconds, send, sendAsNew, changeErrors } = useCreateCustomer();
  const outcome = result && 'data' in result ? result.data : undefined;

  // Keyboard and screen reader users continue at the first invalid field, or at the notice.
  useEffect(() => {
    if (!result) return;
    const target = section.current?.querySelector<HTMLElement>('form [aria-invalid="true"]');
    (target ?? section.current?.querySelector<HTMLElement>('.outcome'))?.focus();
  }, [result]);
  useEffect(() => {
    if (!isFirst) section.current?.querySelector('input')?.focus();
  }, [isFirst]);

  async function submit(sendInput: typeof send | typeof sendAsNew) {
    const sent = await sendInput(toInput(draft));
    if (sent?.__typename === 'Created') onCreated();
  }

  return (
    <section ref={section} aria-labelledby={`${id}-title`} className="card">
      <h2 id={`${id}-title`}>New customer</h2>
      <div aria-live="polite">
        {result && (
          <Outcome
            result={result}
            waitSeconds={waitSeconds}
            otherErrors={errorsWithoutField(errors, draft)}
            formId={id}
            onNext={onNext}
            onSendAsNew={() => void submit(sendAsNew)}
          />
        )}
      </div>
      {outcome?.__typename !== 'Created' && (
        <FieldErrorsContext value={errors}>
          <CustomerForm
            id={id}
            draft={draft}
            onChange={(change) => {
              setDraft((now) => ({ ...now, ...change }));
            }}
            onFieldChange={(name) => {
              changeErrors((now) => withoutErrorsOf(now, name));
            }}
            onContactRemoved={() => {
              changeErrors(withoutContactErrors);
            }}
            onSubmit={() => void submit(send)}
            emailHelp={
              outcome?.__typename === 'Conflict' &&
              errors.has('email') && <ExistingCustomer email={draft.email} />
            }
            submit={
              <button type="submit" disabled={isSending || waitSeconds > 0}>
                {isSending ? 'Creating…' : 'Create customer'}
              </button>
            }
          />
        </FieldErrorsContext>
      )}
    </section>
  );
}
