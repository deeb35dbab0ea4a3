import { type Exchange } from './exchange.js';
import { Fact } from './fact.js';
import { usePlayground } from './playground-state.js';
import { refusalHelp } from './refusal-help.js';

/** Under the answer: what HTTP says of it, and help when the caller is not known. */
export function AnswerBar() {
  const { exchange } = usePlayground();
  if (!exchange) return null;
  const { operationName, status, ms, limit, requestId } = exchange;
  const outcome = outcomeOf(exchange);
  const help = refusalHelp(exchange);
  return (
    <section className="answer-bar" aria-label="Answer" aria-live="polite">
      <dl>
        <Fact name="Operation">{operationName ?? 'unnamed'}</Fact>
        {outcome && <Fact name="Outcome">{outcome}</Fact>}
        <Fact name="Status">HTTP {status}</Fact>
        <Fact name="Time">{Math.round(ms)} ms</Fact>
        {limit && (
          <Fact name="Limit">
            {limit.remaining} of {limit.limit} left, {limit.reset} s to reset
          </Fact>
        )}
        <Fact name="Request id">{requestId ?? 'none'}</Fact>
      </dl>
      {help && (
        <p role="alert">
          <strong>{help.reason}</strong> {help.advice}
        </p>
      )}
    </section>
  );
}

/** What a client would switch on: the members of the unions that were answered, or the codes of the errors. */
function outcomeOf({ answer }: Exchange): string {
  const members = Object.values(answer.data ?? {}).map((value) =>
    typeof value === 'object' && value !== null && '__typename' in value ? value.__typename : undefined,
  );
  const codes = answer.errors?.map(({ extensions }) => extensions['code']) ?? [];
  return [...members, ...codes].filter((word) => typeof word === 'string').join(', ');
}
