import { type MikroORM } from '@mikro-orm/postgresql';
import { names } from '../../database/names.js';
import { clean, isStorable } from '../../validation/text-rules.js';
import { Customer } from '../customer.entity.js';
import { type CustomerType } from '../customer.type.js';
import { customerList, type SelectedCustomer, toCustomer } from '../select-customer.js';

/** Looks for one customer of a team, contacts and all, in one statement and one round trip. */
export interface FindCustomer {
  byUuid(teamId: string, uuid: string): Promise<CustomerType | null>;
  /** Without regard to case. */
  byEmail(teamId: string, email: string): Promise<CustomerType | null>;
  byExternalId(teamId: string, externalId: string): Promise<CustomerType | null>;
}

/** Writes the statements from the entities' metadata; each connection prepares them once. */
export async function prepareFindCustomer(orm: MikroORM): Promise<FindCustomer> {
  const customer = names(orm, Customer);
  const ofTeam = `
    select ${customerList(orm, 'customer')}
    from ${customer.table} as customer
    where customer.${customer.column('team')} = $1 and customer.${customer.column('deletedAt')} is null`;
  const byUuid = `${ofTeam} and customer.${customer.column('uuid')} = $2`;
  const byEmail = `${ofTeam} and lower(customer.${customer.column('email')}) = lower($2)`;
  const byExternalId = `${ofTeam} and customer.${customer.column('externalId')} = $2`;
  const pool = await orm.em.getConnection().getNativeClient();

  const find = async (name: string, text: string, values: string[]): Promise<CustomerType | null> => {
    const { rows } = await pool.query<SelectedCustomer>({ name, text, values });
    return rows[0] ? toCustomer(rows[0]) : null;
  };
  const findText = async (name: string, text: string, teamId: string, value: string) => {
    const cleaned = clean(value);
    return isStorable(cleaned) ? find(name, text, [teamId, cleaned]) : null;
  };
  return {
    byUuid: (teamId, uuid) => find('find-customer-by-uuid', byUuid, [teamId, uuid]),
    byEmail: (teamId, email) => findText('find-customer-by-email', byEmail, teamId, email),
    byExternalId: (teamId, id) => findText('find-customer-by-external-id', byExternalId, teamId, id),
  };
}
