import type { Answer } from '../ask';
import type { FieldErrors } from '../customer-form/field-errors';
import type { CreateCustomerResult } from '../customer-form/use-create-customer';
import { CustomerCard } from './customer-card';
import { FailureNotice } from './failure-notice';
import { Notice } from './notice';

interface OutcomeProps {
  readonly answer: Answer<CreateCustomerResult>;
  readonly waitSeconds: number;
  /** What is wrong and stands beside no field. */
  readonly otherErrors: FieldErrors;
  readonly formId: string;
  readonly onNext: () => void;
  readonly onSendAsAnother: () => void;
}

/** Says what came of a form. */
export function Outcome({ answer, formId, ...rest }: OutcomeProps) {
  if ('data' in answer) return <ResultNotice result={answer.data} {...rest} />;
  return (
    <FailureNotice failure={answer.failure}>
      <p>The form keeps its idempotency key: try as often as you like, the customer is stored once.</p>
      <button type="submit" form={formId}>
        Try again
      </button>
    </FailureNotice>
  );
}

type ResultNoticeProps = Omit<OutcomeProps, 'answer' | 'formId'> & { readonly result: CreateCustomerResult };

/** One branch for each member of the union. A contract with one more does not compile until it has a branch here. */
function ResultNotice({ result, waitSeconds, otherErrors, onNext, onSendAsAnother }: ResultNoticeProps) {
  switch (result.__typename) {
    case 'Created':
      return (
        <Notice kind="success" title={result.replayed ? 'Stored by an earlier try' : 'Customer created'}>
          <CustomerCard customer={result.data} />
          <button type="button" onClick={onNext}>
            Create another customer
          </button>
        </Notice>
      );
    case 'ValidationError':
      return (
        <Notice kind="problem" title={result.message}>
          <p>Nothing was stored. What is wrong stands beside its field.</p>
          <OtherErrors errors={otherErrors} />
        </Notice>
      );
    case 'Conflict':
      return (
        <Notice kind="problem" title={result.message}>
          {result.code === 'IDEMPOTENCY_KEY_REUSED' && (
            <>
              <p>An earlier try of this form was stored, with what stood in it then.</p>
              <button type="button" onClick={onSendAsAnother}>
                Send this as another customer
              </button>
            </>
          )}
        </Notice>
      );
    case 'RateLimited':
      return (
        <Notice kind="problem" title={result.message}>
          {/* A reader that said each second would say nothing else. */}
          <p role="timer" aria-live="off">
            {waitSeconds > 0 ? `You can send again in ${waitSeconds} s.` : 'You can send again now.'}
          </p>
        </Notice>
      );
    default:
      return <UnknownOutcome result={result} />;
  }
}

/** A gateway newer than this page may answer with a member that the page was not built with. */
function UnknownOutcome({ result }: { readonly result: never }) {
  const { __typename: name, message }: { __typename: string; message?: string } = result;
  return (
    <Notice kind="problem" title={message ?? 'The gateway has answered.'}>
      <p>This page is older than the gateway and does not know the outcome “{name}”. Load it again.</p>
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
