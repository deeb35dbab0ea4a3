import { type MikroORM } from '@mikro-orm/postgresql';
import type pg from 'pg';
import { NO_TIMEOUTS, withConnection } from '../../database/connection.js';
import { numberParameters } from '../../database/statement.js';
import { type StoredCustomer } from '../new-customer.js';
import { type SelectedCustomer, customerFromRow } from '../select-customer.js';
import { allCustomersStatement } from './all-customers.statement.js';
import { fetchCustomersStatement } from './fetch-customers.statement.js';
import { metadataKeysStatement } from './metadata-keys.statement.js';
import { mostContactsStatement } from './most-contacts.statement.js';

/** Timeout of connecting, in ms. */
const CONNECT_DEADLINE_MS = 5_000;

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
  const options = { connectionTimeoutMillis: CONNECT_DEADLINE_MS, keepAlive: true, options: NO_TIMEOUTS };
  return withConnection(databaseUrl, options, async (client) => {
    await client.query('begin transaction isolation level repeatable read read only');
    return read(snapshotOf(orm, client, teamId));
  });
}

function snapshotOf(orm: MikroORM, client: pg.Client, teamId: string): CustomerSnapshot {
  const bindMostContacts = numberParameters(mostContactsStatement);
  const bindMetadataKeys = numberParameters(metadataKeysStatement);
  const bindAll = numberParameters(allCustomersStatement(orm));

  return {
    async mostContacts() {
      const { rows } = await client.query<{ count: number }>(bindMostContacts({ teamId }));
      return rows[0]?.count ?? 0;
    },
    async metadataKeys(limit) {
      const { rows } = await client.query<{ key: string }>(bindMetadataKeys({ teamId, limit }));
      return rows.map(({ key }) => key).toSorted();
    },
    async *pages() {
      await client.query(bindAll({ teamId }));
      for (;;) {
        const { rows } = await client.query<SelectedCustomer>(fetchCustomersStatement.text);
        if (rows.length === 0) return;
        yield rows.map(customerFromRow);
      }
    },
  };
}
