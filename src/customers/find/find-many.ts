import { type MikroORM } from '@mikro-orm/postgresql';
import type pg from 'pg';
import { tooManyRows } from '../../concurrency/response-bytes.js';
import { numberParameters } from '../../database/statement.js';
import { eventFromRow, type SelectedEvent, type StoredEvent } from '../events/stored-event.js';
import { withinListTimeout } from '../list/query-too-slow.js';
import { type StoredContact, type StoredCustomer } from '../new-customer.js';
import { customerFromRow, type SelectedCustomer } from '../select-customer.js';
import {
  findManyContactsStatement,
  findManyCustomersStatement,
  findManyEventsStatement,
} from './find-many.statement.js';

/** Finds objects of a team by their IDs, each in one statement. IDs of no object of the team are left out. */
export interface FindMany {
  /** @throws {ResponseTooLarge} when all have more than `maxBytes`. PostgreSQL then sends one. */
  findManyById(teamId: string, uuids: readonly string[], maxBytes: number): Promise<StoredCustomer[]>;
  /** @throws {ResponseTooLarge} when all have more than `maxBytes`. PostgreSQL then sends one. */
  findEvents(teamId: string, uuids: readonly string[], maxBytes: number): Promise<StoredEvent[]>;
  findContacts(teamId: string, uuids: readonly string[]): Promise<StoredContact[]>;
}

interface Measured {
  readonly isCut: boolean;
}

/** Prepares the statements that find objects by their IDs. */
export function prepareFindMany(orm: MikroORM, pool: pg.Pool): FindMany {
  const bindCustomers = numberParameters(findManyCustomersStatement(orm));
  const bindEvents = numberParameters(findManyEventsStatement(orm));
  const bindContacts = numberParameters(findManyContactsStatement(orm));

  const read = async <Row extends pg.QueryResultRow & Measured>(bound: pg.QueryConfig, maxBytes: number) => {
    const { rows } = await withinListTimeout(pool.query<Row>(bound));
    if (rows.some(({ isCut }) => isCut)) throw tooManyRows(maxBytes);
    return rows;
  };

  return {
    async findManyById(teamId, uuids, maxBytes) {
      const bound = bindCustomers({ teamId, uuids, maxBytes });
      return (await read<SelectedCustomer & Measured>(bound, maxBytes)).map(customerFromRow);
    },
    async findEvents(teamId, uuids, maxBytes) {
      const bound = bindEvents({ teamId, uuids, maxBytes });
      return (await read<SelectedEvent & Measured>(bound, maxBytes)).map(eventFromRow);
    },
    async findContacts(teamId, uuids) {
      return (await withinListTimeout(pool.query<StoredContact>(bindContacts({ teamId, uuids })))).rows;
    },
  };
}
