import { type MikroORM } from '@mikro-orm/postgresql';
import { type QueryConfig } from 'pg';
import { numberParameters } from '../../database/statement.js';
import { customerText } from '../customer-rules.js';
import { type StoredCustomer } from '../new-customer.js';
import { type SelectedCustomer, customerFromRow } from '../select-customer.js';
import { emailKey } from '../text-keys.js';
import { findByEmailStatement } from './find-customer-by-email.statement.js';
import { findByExternalIdStatement } from './find-customer-by-external-id.statement.js';
import { findByUuidStatement } from './find-customer-by-uuid.statement.js';

/** Looks for one customer of a team, contacts and all, in one statement and one round trip. */
export interface FindCustomer {
  findById(teamId: string, uuid: string): Promise<StoredCustomer | null>;
  /** Without regard to case. */
  findByEmail(teamId: string, email: string): Promise<StoredCustomer | null>;
  findByExternalId(teamId: string, externalId: string): Promise<StoredCustomer | null>;
}

/** Writes the statements from the entities' metadata; each connection prepares them once. */
export async function prepareFindCustomer(orm: MikroORM): Promise<FindCustomer> {
  const pool = await orm.em.getConnection().getNativeClient();

  const find = async (statement: QueryConfig): Promise<StoredCustomer | null> => {
    const { rows } = await pool.query<SelectedCustomer>(statement);
    return rows[0] ? customerFromRow(rows[0]) : null;
  };
  const byUuid = numberParameters(findByUuidStatement(orm));
  const byEmail = numberParameters(findByEmailStatement(orm));
  const byExternalId = numberParameters(findByExternalIdStatement(orm));
  const { email: emailRule, externalId: externalIdRule } = customerText.shape;
  return {
    findById: (teamId, uuid) => find(byUuid({ teamId, uuid })),
    // What the rules of the field refuse is stored nowhere.
    async findByEmail(teamId, email) {
      const { data } = emailRule.safeParse(email);
      return data === undefined ? null : find(byEmail({ teamId, emailKey: emailKey(data) }));
    },
    async findByExternalId(teamId, externalId) {
      const { data } = externalIdRule.safeParse(externalId);
      return data === undefined || data === null ? null : find(byExternalId({ teamId, externalId: data }));
    },
  };
}
