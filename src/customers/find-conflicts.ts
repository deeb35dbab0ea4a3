import { type MikroORM } from '@mikro-orm/postgresql';
import { type Names, names } from '../database/names.js';
import { type Column, records, toJson } from '../database/records.js';
import { type Executor } from '../database/transaction.js';
import { type ConflictCode } from './conflict.type.js';
import { Customer } from './customer.entity.js';
import { emailKey } from './text-keys.js';

/** What a customer, new or not, wants for itself alone. */
export interface UniqueValues {
  readonly uuid: string;
  readonly email: string;
  readonly externalId: string | null;
}

/** How a customer's claims stand. */
export interface ConflictCheck {
  readonly uuid: string;
  /** What another customer of the team has; null if none stands against it. */
  readonly code: ConflictCode | null;
}

/** Looks whether other customers of the team have what these claim. One round trip. */
export type FindConflicts = (
  teamId: string,
  claims: readonly UniqueValues[],
  executor?: Executor,
) => Promise<ReadonlyMap<string, ConflictCheck>>;

const columns: readonly Column<UniqueValues>[] = [
  ['uuid', 'uuid', (claims) => claims.uuid],
  ['emailKey', 'text', (claims) => emailKey(claims.email)],
  ['externalId', 'text', (claims) => claims.externalId],
];

/** Writes the statement from the entities' metadata; each connection prepares it once. */
export async function prepareFindConflicts(orm: MikroORM): Promise<FindConflicts> {
  const pool = await orm.em.getConnection().getNativeClient();
  const customer = names(orm, Customer);
  const text = `
    select "uuid", case
      when ${emailIsTaken(customer)} then 'EMAIL_EXISTS'
      when ${externalIdIsTaken(customer)} then 'EXTERNAL_ID_EXISTS'
    end as "code"
    from ${records(columns, 'given', '$2::json')}`;

  return async (teamId, claims, executor = pool) => {
    const { rows } = await executor.query<ConflictCheck & { code: ConflictCode | null }>({
      name: 'find-conflicts',
      text,
      values: [teamId, toJson(columns, claims)],
    });
    return new Map(rows.map((row) => [row.uuid, row]));
  };
}

/** SQL: whether another customer of the team `$1` has the email of the row `given`. */
export function emailIsTaken(customer: Names): string {
  return isTaken(customer, `holder.${customer.column('emailKey')} = given."emailKey"`);
}

/** SQL: whether another customer of the team `$1` has the external id of the row `given`. */
export function externalIdIsTaken(customer: Names): string {
  return isTaken(customer, `holder.${customer.column('externalId')} = given."externalId"`);
}

function isTaken(customer: Names, condition: string): string {
  return `exists (
    select from ${customer.table} as holder
    where holder.${customer.column('team')} = $1::uuid and ${condition}
      and holder.${customer.column('deletedAt')} is null and holder.${customer.column('uuid')} <> given."uuid")`;
}
