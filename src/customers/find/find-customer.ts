import { type MikroORM } from '@mikro-orm/postgresql';
import { names } from '../../database/names.js';
import { Customer } from '../customer.entity.js';
import { customerText } from '../customer-rules.js';
import { type StoredCustomer } from '../new-customer.js';
import { customerSelectList, type SelectedCustomer, customerFromRow } from '../select-customer.js';
import { emailKey } from '../text-keys.js';

/** Looks for one customer of a team, contacts and all, in one statement and one round trip. */
export interface FindCustomer {
  findById(teamId: string, uuid: string): Promise<StoredCustomer | null>;
  /** Without regard to case. */
  findByEmail(teamId: string, email: string): Promise<StoredCustomer | null>;
  findByExternalId(teamId: string, externalId: string): Promise<StoredCustomer | null>;
}

/** Writes the statements from the entities' metadata; each connection prepares them once. */
export async function prepareFindCustomer(orm: MikroORM): Promise<FindCustomer> {
  const customer = names(orm, Customer);
  const ofTeam = `
    select ${customerSelectList(orm, 'customer')}
    from ${customer.table} as customer
    where customer.${customer.column('team')} = $1 and customer.${customer.column('deletedAt')} is null`;
  const byUuid = `${ofTeam} and customer.${customer.column('uuid')} = $2`;
  const byEmail = `${ofTeam} and customer.${customer.column('emailKey')} = $2`;
  const byExternalId = `${ofTeam} and customer.${customer.column('externalId')} = $2`;
  const pool = await orm.em.getConnection().getNativeClient();

  const find = async (name: string, text: string, values: string[]): Promise<StoredCustomer | null> => {
    const { rows } = await pool.query<SelectedCustomer>({ name, text, values });
    return rows[0] ? customerFromRow(rows[0]) : null;
  };
  const { email: emailRule, externalId: externalIdRule } = customerText.shape;
  return {
    findById: (teamId, uuid) => find('find-customer-by-uuid', byUuid, [teamId, uuid]),
    // What the rules of the field refuse is stored nowhere.
    async findByEmail(teamId, email) {
      const { data } = emailRule.safeParse(email);
      return data === undefined ? null : find('find-customer-by-email', byEmail, [teamId, emailKey(data)]);
    },
    async findByExternalId(teamId, externalId) {
      const { data } = externalIdRule.safeParse(externalId);
      return data === undefined || data === null
        ? null
        : find('find-customer-by-external-id', byExternalId, [teamId, data]);
    },
  };
}
