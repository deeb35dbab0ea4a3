import { type MikroORM } from '@mikro-orm/postgresql';
import type pg from 'pg';
import { withConnection } from '../../database/connection.js';
import { names } from '../../database/names.js';
import { Contact } from '../contact.entity.js';
import { Customer } from '../customer.entity.js';
import { type StoredCustomer } from '../new-customer.js';
import { customerSelectList, type SelectedCustomer, customerFromRow } from '../select-customer.js';

/** Timeout of connecting, in ms. */
const CONNECT_DEADLINE_MS = 5_000;

/** Customers that are held in memory at once. */
const PAGE = 100;

/** All customers of a team that are not deleted, as they are at one moment. */
export interface CustomerSnapshot {
  /** How many contacts the customer with the most has. */
  mostContacts(): Promise<number>;
  /** The different keys of their metadata in the order of their UTF-16 units, at most `limit` of them. */
  metadataKeys(limit: number): Promise<string[]>;
  /** The customers, page after page, the oldest first. */
  pages(): AsyncGenerator<readonly StoredCustomer[]>;
}

/**
 * Reads from a snapshot. It has a connection of its own, without a deadline, for a reader may be slow; until it is done
 * PostgreSQL keeps the old versions of rows that are changed meanwhile.
 */
export function withSnapshot<Result>(
  orm: MikroORM,
  databaseUrl: string,
  teamId: string,
  read: (snapshot: CustomerSnapshot) => Promise<Result>,
): Promise<Result> {
  const options = { connectionTimeoutMillis: CONNECT_DEADLINE_MS, keepAlive: true };
  return withConnection(databaseUrl, options, async (client) => {
    await client.query('begin transaction isolation level repeatable read read only');
    return read(snapshotOf(orm, client, teamId));
  });
}

function snapshotOf(orm: MikroORM, client: pg.Client, teamId: string): CustomerSnapshot {
  const customer = names(orm, Customer);
  const contact = names(orm, Contact);
  const ofTeam = `${customer.column('team')} = $1::uuid and ${customer.column('deletedAt')} is null`;

  return {
    async mostContacts() {
      const owner = contact.column('customer');
      const text = `
        select count(*)::int as "count" from ${contact.table}
        where ${owner} in (select ${customer.column('uuid')} from ${customer.table} where ${ofTeam})
        group by ${owner} order by 1 desc limit 1`;
      const { rows } = await client.query<{ count: number }>(text, [teamId]);
      return rows[0]?.count ?? 0;
    },
    async metadataKeys(limit) {
      const text = `
        select distinct jsonb_object_keys(${customer.column('metadata')}) as "key"
        from ${customer.table} where ${ofTeam} limit $2`;
      const { rows } = await client.query<{ key: string }>(text, [teamId, limit]);
      return rows.map(({ key }) => key).toSorted();
    },
    async *pages() {
      const order = [customer.column('createdAt'), customer.column('uuid')].join(', ');
      const select = `select ${customerSelectList(orm, 'customer')} from ${customer.table} as customer where ${ofTeam} order by ${order}`;
      await client.query(`declare snapshot no scroll cursor for ${select}`, [teamId]);
      for (;;) {
        const { rows } = await client.query<SelectedCustomer>(`fetch ${PAGE} from snapshot`);
        if (rows.length === 0) return;
        yield rows.map(customerFromRow);
      }
    },
  };
}
