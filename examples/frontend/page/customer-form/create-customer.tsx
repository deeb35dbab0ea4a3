import { useEffect, useId, useRef, useState } from 'react';
import { Outcome } from '../outcomes/outcome';
import { EmailOwner } from '../outcomes/email-owner';
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

/** A form, and what came of sending it. */
export function CreateCustomer({ isFirst, onCreated, onNext }: CreateCustomerProps) {
  const id = useId();
  const section = useRef<HTMLElement>(null);
  const [draft, setDraft] = useState(EMPTY_DRAFT);
  const { answer, errors, isSending, waitSeconds, send, sendAsAnother, changeErrors } = useCreateCustomer();
  const result = answer && 'data' in answer ? answer.data : undefined;

  // Who sends by keyboard, or hears the page, goes on where there is something to do.
  useEffect(() => {
    if (!answer) return;
    const target = section.current?.querySelector<HTMLElement>('form [aria-invalid="true"]');
    (target ?? section.current?.querySelector<HTMLElement>('.outcome'))?.focus();
  }, [answer]);
  useEffect(() => {
    if (!isFirst) section.current?.querySelector('input')?.focus();
  }, [isFirst]);

  async function submit(how: typeof send | typeof sendAsAnother) {
    const sent = await how(toInput(draft));
    if (sent?.__typename === 'Created') onCreated();
  }

  return (
    <section ref={section} aria-labelledby={`${id}-title`} className="card">
      <h2 id={`${id}-title`}>New customer</h2>
      <div aria-live="polite">
        {answer && (
          <Outcome
            answer={answer}
            waitSeconds={waitSeconds}
            otherErrors={errorsWithoutField(errors, draft)}
            formId={id}
            onNext={onNext}
            onSendAsAnother={() => void submit(sendAsAnother)}
          />
        )}
      </div>
      {result?.__typename !== 'Created' && (
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
            aboutEmail={
              result?.__typename === 'Conflict' && errors.has('email') && <EmailOwner email={draft.email} />
            }
            submit={
              <button type="submit" disabled={isSending || waitSeconds > 0}>
                {isSending ? 'Sending…' : 'Create customer'}
              </button>
            }
          />
        </FieldErrorsContext>
      )}
    </section>
  );
}
