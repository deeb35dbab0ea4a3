import type { FieldErrors } from '../customer-form/field-errors';
import type { CreateCustomerResult } from '../customer-form/use-create-customer';
import type { Result } from '../execute';
import { CustomerCard } from './customer-card';
import { FailureNotice } from './failure-notice';
import { Notice } from './notice';

interface OutcomeProps {
  readonly result: Result<CreateCustomerResult>;
  readonly waitSeconds: number;
  /** Errors that no field of the form shows. */
  readonly otherErrors: FieldErrors;
  readonly formId: string;
  readonly onNext: () => void;
  readonly onSendAsNew: () => void;
}

/** The outcome of sending the form. */
export function Outcome({ result, formId, ...rest }: OutcomeProps) {
  if ('data' in result) return <OutcomeNotice outcome={result.data} {...rest} />;
  return (
    <FailureNotice failure={result.failure}>
      <p>Trying again does not create a duplicate.</p>
      <button type="submit" form={formId}>
        Try again
      </button>
    </FailureNotice>
  );
}

type OutcomeNoticeProps = Omit<OutcomeProps, 'result' | 'formId'> & {
  readonly outcome: CreateCustomerResult;
};

/** One branch per member of the union. If the schema gains a member, this does not compile until it has a branch. */
function OutcomeNotice({ outcome, waitSeconds, otherErrors, onNext, onSendAsNew }: OutcomeNoticeProps) {
  switch (outcome.__typename) {
    case 'Created':
      return (
        <Notice kind="success" title={outcome.replayed ? 'Customer already created' : 'Customer created'}>
          {outcome.replayed && <p>An earlier attempt succeeded. No duplicate was created.</p>}
          <CustomerCard customer={outcome.data} />
          <button type="button" onClick={onNext}>
            Create another customer
          </button>
        </Notice>
      );
    case 'ValidationError':
      return (
        <Notice kind="problem" title="Check the highlighted fields">
          <p>The customer was not created.</p>
          <OtherErrors errors={otherErrors} />
        </Notice>
      );
    case 'Conflict':
      return outcome.code === 'IDEMPOTENCY_KEY_REUSED' ? (
        <Notice kind="problem" title="Customer already created with other values">
          <p>An earlier attempt succeeded before you changed the form.</p>
          <button type="button" onClick={onSendAsNew}>
            Create as a new customer
          </button>
        </Notice>
      ) : (
        <Notice kind="problem" title="Customer already exists">
          <p>The customer was not created. Check the highlighted field.</p>
          <OtherErrors errors={otherErrors} />
        </Notice>
      );
    case 'RateLimited':
      return (
        <Notice kind="problem" title="Too many requests">
          {/* Off, because a screen reader would announce every second. */}
          <p role="timer" aria-live="off">
            {waitSeconds > 0 ? `Try again in ${waitSeconds} s.` : 'You can try again now.'}
          </p>
        </Notice>
      );
    default:
      return <UnknownOutcome outcome={outcome} />;
  }
}

/** A newer gateway may return a member the page was not built with. */
function UnknownOutcome({ outcome }: { readonly outcome: never }) {
  const { __typename: name, message }: { __typename: string; message?: string } = outcome;
  return (
    <Notice kind="problem" title="This page is out of date">
      {message !== undefined && <p>{message}</p>}
      <p>Reload the page to see the result.</p>
      <p className="hint">{name}</p>
    </Notice>
  );
}

function OtherErrors({ errors }: { readonly errors: FieldErrors }) {
  if (errors.size === 0) return null;
  return (
    <ul>
      {[...errors].map(([path, message]) => (
        <li key={path}>
          {path}: {message}
        </li>
      ))}
    </ul>
  );
}
