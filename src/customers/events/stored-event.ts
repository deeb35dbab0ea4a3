import { type MikroORM } from '@mikro-orm/postgresql';
import { names } from '../../database/names.js';
import { type StoredCustomer } from '../new-customer.js';
import { type SelectedCustomer, customerFromRow } from '../select-customer.js';
import { CustomerEvent } from './customer-event.entity.js';
import { type CustomerEventType } from './event-type.js';

/** A change of one field. */
export interface FieldChange {
  /** Path of the field, such as `email` or `billingAddress.city`. */
  readonly field: string;
  readonly before: string | null;
  readonly after: string | null;
}

/** Who made a change: a client with a token in a request, or a command of the operator. */
export interface EventActor {
  readonly clientId: string | null;
  readonly tokenId: string | null;
  readonly requestId: string | null;
  readonly command: string | null;
}

/** A change of a customer, as it is read. */
export interface StoredEvent {
  readonly id: string;
  readonly type: CustomerEventType;
  readonly version: number;
  readonly occurredAt: Date;
  readonly customer: StoredCustomer;
  readonly changes: readonly FieldChange[];
  readonly actor: EventActor;
}

/** An event as {@link eventSelectList} asks for it. The ORM's pool leaves times as PostgreSQL's text. */
export interface SelectedEvent extends EventActor {
  readonly id: string;
  readonly customerId: string;
  readonly type: CustomerEventType;
  readonly version: number;
  readonly occurredAt: string;
  readonly customer: SelectedCustomer;
  readonly previous: Partial<SelectedCustomer> | null;
}

const properties: readonly (keyof SelectedEvent)[] = [
  'id',
  'customerId',
  'type',
  'version',
  'occurredAt',
  'customer',
  'previous',
  'clientId',
  'tokenId',
  'requestId',
  'command',
];

/** SQL: everything of the event `alias` in a select list. */
export function eventSelectList(orm: MikroORM, alias: string): string {
  const event = names(orm, CustomerEvent);
  return properties.map((property) => `${alias}.${event.column(property)} as "${property}"`).join(', ');
}

/** SQL: the bytes of a selected event, nearly all of them. */
export const eventBytes = `octet_length("customer"::text) + coalesce(octet_length("previous"::text), 0)`;

/** The event of a selected row. */
export function eventFromRow(row: SelectedEvent): StoredEvent {
  const { id, type, version, occurredAt, customer, previous, clientId, tokenId, requestId, command } = row;
  const after = new Map<string, unknown>(Object.entries(customer));
  return {
    id,
    type,
    version,
    occurredAt: new Date(occurredAt),
    customer: customerFromRow(customer),
    changes: Object.entries(previous ?? {}).map(([field, before]) => ({
      field,
      before: toText(before),
      after: toText(after.get(field)),
    })),
    actor: { clientId, tokenId, requestId, command },
  };
}

/** Text as it is, and the JSON of contacts and metadata. */
function toText(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  return typeof value === 'string' ? value : JSON.stringify(value);
}
