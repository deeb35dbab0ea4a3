import type { HistoryEventFragment } from '../../generated/graphql';
import { fieldLabel, valueText, wordOf } from './change-text';

const TIME = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' });

/** One change of a customer. Can receive focus, so that keyboard users continue here after “Show more”. */
export function HistoryEvent({ event }: { readonly event: HistoryEventFragment }) {
  const { type, version, occurredAt, changes, actor } = event;
  return (
    <li tabIndex={-1}>
      <h4>{wordOf(type)}</h4>
      <p className="hint">
        <time dateTime={occurredAt}>{TIME.format(new Date(occurredAt))}</time>, version {version}
      </p>
      {changes.length > 0 && (
        <dl>
          {changes.map(({ field, before, after }) => (
            <div key={field}>
              <dt>{fieldLabel(field)}</dt>
              <dd>
                {valueText(field, before)} <span aria-hidden="true">→</span>{' '}
                <span className="visually-hidden">changed to </span>
                {valueText(field, after)}
              </dd>
            </div>
          ))}
        </dl>
      )}
      <p className="hint">{actorText(actor)}</p>
    </li>
  );
}

/** A client in a request, or a command of the gateway's operator. */
function actorText({ clientId, requestId, command }: HistoryEventFragment['actor']): string {
  return command === null ? `Client ${clientId}, request ${requestId}` : `Operator, command ${command}`;
}
