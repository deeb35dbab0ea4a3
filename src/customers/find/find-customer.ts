import { type MikroORM } from '@mikro-orm/postgresql';
import type pg from 'pg';
import { Batcher } from '../../database/batcher.js';
import { numberParameters } from '../../database/statement.js';
import { customerText } from '../customer-rules.js';
import { type StoredCustomer } from '../new-customer.js';
import { type SelectedCustomer, customerFromRow } from '../select-customer.js';
import { emailKey } from '../text-keys.js';
import { findCustomersStatement, findCustomerStatement, type FindKey } from './find-customer.statement.js';

/**
 * Looks for one customer of a team, contacts and all, in one statement and one round trip. Calls at the same time share a
 * statement.
 */
export interface FindCustomer {
  findById(teamId: string, uuid: string): Promise<StoredCustomer | null>;
  /** Without regard to case. */
  findByEmail(teamId: string, email: string): Promise<StoredCustomer | null>;
  findByExternalId(teamId: string, externalId: string): Promise<StoredCustomer | null>;
}

/** A customer to look for. */
interface FindCall {
  readonly teamId: string;
  readonly value: string;
}

/** A customer of a statement for several calls; `leftFrom` is the place of the first call that it leaves out. */
type FoundCustomer = SelectedCustomer & { readonly place: number; readonly leftFrom: number | null };

/** Writes the statements from the entities' metadata; each connection prepares them once. */
export async function prepareFindCustomer(orm: MikroORM): Promise<FindCustomer> {
  const pool = await orm.em.getConnection().getNativeClient();
  const byUuid = findBy(orm, pool, 'uuid');
  const byEmail = findBy(orm, pool, 'email');
  const byExternalId = findBy(orm, pool, 'external-id');
  const { email: emailRule, externalId: externalIdRule } = customerText.shape;
  return {
    findById: (teamId, uuid) => byUuid.run({ teamId, value: uuid }),
    // What the rules of the field refuse is stored nowhere.
    async findByEmail(teamId, email) {
      const { data } = emailRule.safeParse(email);
      return data === undefined ? null : byEmail.run({ teamId, value: emailKey(data) });
    },
    async findByExternalId(teamId, externalId) {
      const { data } = externalIdRule.safeParse(externalId);
      return data === undefined || data === null ? null : byExternalId.run({ teamId, value: data });
    },
  };
}

function findBy(orm: MikroORM, pool: pg.Pool, by: FindKey): Batcher<FindCall, StoredCustomer | null> {
  const bind = numberParameters(findCustomerStatement(orm, by));
  const bindTogether = numberParameters(findCustomersStatement(orm, by));
  return new Batcher<FindCall, StoredCustomer | null>({
    async alone(call) {
      const { rows } = await pool.query<SelectedCustomer>(bind({ ...call }));
      return rows[0] ? customerFromRow(rows[0]) : null;
    },
    async together(calls) {
      const values = {
        teamIds: calls.map(({ teamId }) => teamId),
        values: calls.map(({ value }) => value),
      };
      const { rows } = await pool.query<FoundCustomer>(bindTogether(values));
      const leftFrom = rows[0]?.leftFrom ?? Infinity;
      const customers = new Map(rows.map((row) => [row.place, customerFromRow(row)]));
      return calls.map((_call, index) => {
        const place = index + 1;
        return place < leftFrom ? (customers.get(place) ?? null) : undefined;
      });
    },
    sizeOf: ({ value }) => value.length,
  });
}
