import { type StoredEvent, type FieldChange } from '../../customers/events/stored-event.js';
import { CustomerEventType } from '../../customers/events/event-type.js';
import { sortedByKey } from '../../customers/metadata-rules.js';

/** The `type` of a body for each type of event. */
export const webhookTypes = {
  CREATED: 'customer.created',
  UPDATED: 'customer.updated',
  DELETED: 'customer.deleted',
  RESTORED: 'customer.restored',
  ERASED: 'customer.erased',
} as const satisfies Record<CustomerEventType, string>;

/** The parts of an event that a delivery sends. */
export type SentEvent = Pick<StoredEvent, 'id' | 'type' | 'version' | 'occurredAt' | 'customer' | 'changes'>;

/**
 * The body of a delivery of an event: JSON with `id`, `type`, `occurredAt`, `teamId`, `version`, `data` and `previousData`.
 *
 * `data` is the customer after the change with every field of the API. `previousData` has the fields that an update changed, as they
 * were, and is null for other types. Of an address it has the parts that were changed.
 *
 * @param teamId - null if it is not known, as in `customer-gateway listen`.
 */
export function webhookBody(teamId: string | null, event: SentEvent): string {
  return JSON.stringify({
    id: event.id,
    type: webhookTypes[event.type],
    occurredAt: event.occurredAt,
    teamId,
    version: event.version,
    data: event.customer,
    previousData: event.type === CustomerEventType.UPDATED ? previousData(event.changes) : null,
  });
}

/** The body of a test delivery: the same fields, without a customer. */
export function testBody(teamId: string, id: string, occurredAt: Date): string {
  return JSON.stringify({
    id,
    type: 'webhook.test',
    occurredAt,
    teamId,
    version: null,
    data: null,
    previousData: null,
  });
}

function previousData(changes: readonly FieldChange[]): Record<string, unknown> {
  const previous: Record<string, unknown> = {};
  for (const { field, before } of changes) {
    const [name = field, part] = field.split('.');
    if (part === undefined) previous[name] = toApi(name, before);
    else previous[name] = Object.assign(previous[name] ?? {}, { [part]: before });
  }
  return previous;
}

/** The value of a field as the API returns it. An event has lists as JSON. */
function toApi(field: string, value: string | null): unknown {
  if (value === null || (field !== 'metadata' && field !== 'contacts')) return value;
  const parsed: unknown = JSON.parse(value);
  if (field === 'contacts' || !(parsed instanceof Object)) return parsed;
  return sortedByKey(Object.entries(parsed).map(([key, text]) => ({ key, value: String(text) })));
}
