import { type Column, rowToJson } from '../../database/records.js';
import { type IdempotentCall } from '../../idempotency/idempotency-key.js';
import { contactColumns, customerColumns } from '../columns.js';
import { type ApiActor } from '../events/actor.js';
import { contactRows, type NewCustomer } from '../new-customer.js';

/** A call that stores one customer. */
export class InsertCall {
  #texts: { readonly row: string; readonly contacts: readonly string[] } | undefined;

  constructor(
    readonly actor: ApiActor,
    readonly draft: NewCustomer,
    /** The idempotency key, if the call has one. */
    readonly call: IdempotentCall | undefined,
  ) {}

  /** Its row and those of its contacts, as JSON for the statement that stores several. Written once, when first read. */
  get texts(): { readonly row: string; readonly contacts: readonly string[] } {
    return (this.#texts ??= {
      row: rowToJson(insertCallColumns, this),
      contacts: contactRows(this.draft).map((contact) => rowToJson(contactColumns, contact)),
    });
  }
}

/** The columns of the calls that share a statement: a customer, its actor, and the idempotency key. */
export const insertCallColumns: readonly Column<InsertCall>[] = [
  ['teamId', 'uuid', ({ actor }) => actor.teamId],
  ['clientId', 'uuid', ({ actor }) => actor.clientId],
  ['tokenId', 'uuid', ({ actor }) => actor.tokenId],
  ['requestId', 'uuid', ({ actor }) => actor.requestId],
  ['key', 'text', ({ call }) => call?.key],
  ['requestHash', 'text', ({ call }) => call?.requestHash.toString('hex')],
  ['seed', 'uuid', ({ call }) => call?.seed],
  ...customerColumns.map(([property, type, value]): Column<InsertCall> => [
    property,
    type,
    ({ draft }) => value(draft),
  ]),
];
