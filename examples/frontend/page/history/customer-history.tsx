import { useEffect, useId, useRef } from 'react';
import type { CustomerHistoryQuery } from '../../generated/graphql';
import type { Result } from '../execute';
import { FailureNotice } from '../outcomes/failure-notice';
import { HistoryEvent } from './history-event';
import { useHistory } from './use-history';

interface CustomerHistoryProps {
  readonly uuid: string;
  readonly name: string;
}

/** The changes of a customer, latest first. */
export function CustomerHistory({ uuid, name }: CustomerHistoryProps) {
  const id = useId();
  const section = useRef<HTMLElement>(null);
  /** Number of events shown when a button was last selected. */
  const shown = useRef<number>(undefined);
  const { events, result, hasMore, load } = useHistory(uuid);
  const isLoadingMore = !result && events.length > 0;

  // Keyboard and screen reader users continue at the notice, or at the first new event.
  useEffect(() => {
    if (!result || shown.current === undefined) return;
    const notice = section.current?.querySelector<HTMLElement>('.outcome');
    (notice ?? section.current?.querySelectorAll('li')[shown.current])?.focus();
  }, [result]);

  function loadMore() {
    shown.current = events.length;
    load();
  }

  return (
    <section ref={section} aria-labelledby={id} className="history">
      <h3 id={id}>History of {name}</h3>
      <output className="hint">{statusText(events.length, hasMore, result)}</output>
      {events.length > 0 && (
        <ol>
          {events.map((event) => (
            <HistoryEvent key={event.id} event={event} />
          ))}
        </ol>
      )}
      <div aria-live="polite">
        {result && 'failure' in result && (
          <FailureNotice failure={result.failure}>
            <button type="button" onClick={loadMore}>
              Try again
            </button>
          </FailureNotice>
        )}
      </div>
      {(hasMore || isLoadingMore) && (
        <button type="button" className="quiet" disabled={isLoadingMore} onClick={loadMore}>
          {isLoadingMore ? 'Loading…' : 'Show more'}
        </button>
      )}
    </section>
  );
}

function statusText(
  count: number,
  hasMore: boolean,
  result: Result<CustomerHistoryQuery> | undefined,
): string {
  if (result && 'data' in result && !result.data.customer) return 'This customer no longer exists.';
  if (count > 0) return hasMore ? `Latest ${count} changes` : count === 1 ? '1 change' : `${count} changes`;
  if (!result) return 'Loading…';
  return 'failure' in result ? '' : 'No changes are stored.';
}
