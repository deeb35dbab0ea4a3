import { type MikroORM } from '@mikro-orm/postgresql';
import type pg from 'pg';
import { type Bind, numberParameters, StatementForms, type Values } from '../../database/statement.js';
import { type CustomerStatus } from '../customer-status.js';
import { type StoredCustomer } from '../new-customer.js';
import { type SelectedCustomer, customerFromRow } from '../select-customer.js';
import { countCustomersStatement } from './count-customers.statement.js';
import { type Position } from './cursor.js';
import { type CustomerOrder } from './customer-order.js';
import { filterValues } from './filter-conditions.js';
import { isTime, listCustomersStatement, preparedListName } from './list-customers.statement.js';
import { tooManyRows } from '../../concurrency/response-bytes.js';
import { withinListTimeout } from './query-too-slow.js';

/** Filters for a list of customers. `null` does not filter. */
export interface CustomerFilter {
  readonly search: string | null;
  readonly status: CustomerStatus | null;
  readonly createdFrom: Date | null;
  readonly createdTo: Date | null;
  readonly updatedFrom: Date | null;
  readonly updatedTo: Date | null;
  /** Whether the deleted customers are listed, instead of the others. */
  readonly deleted: boolean;
}

/** The page of a list: its order, its limits and its length. */
export interface PageQuery extends CustomerOrder {
  /** Only customers after this position. */
  readonly after?: Position | undefined;
  /** Only customers before this position. */
  readonly before?: Position | undefined;
  readonly limit: number;
  /** Customers to skip. PostgreSQL reads them nevertheless; `after` costs less. */
  readonly offset?: number;
}

/** A customer and its position in the requested order. */
export interface PlacedCustomer {
  readonly customer: StoredCustomer;
  readonly position: Position;
}

/** Lists a team's customers. */
export interface SelectCustomers {
  /**
   * Contacts and all, in one statement and one round trip.
   *
   * @param maxBytes - of the notes, metadata and contacts of all customers. By default there is no bound.
   * @throws {ResponseTooLarge} when they have more. PostgreSQL then sends one customer.
   */
  list(
    teamId: string,
    filter: CustomerFilter,
    query: PageQuery,
    maxBytes?: number,
  ): Promise<PlacedCustomer[]>;
  count(teamId: string, filter: CustomerFilter): Promise<number>;
}

/** Prepares the statements of lists. */
export function prepareSelectCustomers(orm: MikroORM, pool: pg.Pool): SelectCustomers {
  const listStatement = listCustomersStatement(orm);
  const prepared = new StatementForms();
  const bindList = (filter: CustomerFilter, query: PageQuery): Bind => {
    const name = preparedListName(filter, query);
    const write = () => listStatement(filter, query);
    return name === undefined ? numberParameters(write()) : prepared.get(name, write);
  };

  return {
    async list(teamId, filter, query, maxBytes = Number.MAX_SAFE_INTEGER) {
      const bind = bindList(filter, query);
      const values = { ...filterValues(teamId, filter), ...pageValues(query), maxBytes };
      const { rows } = await withinListTimeout(pool.query<SelectedRow>(bind(values)));
      if (rows.some(({ isCut }) => isCut)) throw tooManyRows(maxBytes);
      return rows.map((row) => {
        const position = { key: isTime(query.field) ? Date.parse(row.key) : row.key, uuid: row.uuid };
        return { customer: customerFromRow(row), position };
      });
    },
    async count(teamId, filter) {
      const bind = numberParameters(countCustomersStatement(filter));
      const statement = bind(filterValues(teamId, filter));
      const { rows } = await withinListTimeout(pool.query<{ count: number }>(statement));
      return rows[0]?.count ?? 0;
    },
  };
}

/** A customer of a page, and whether the page has more bytes than it may. */
type SelectedRow = SelectedCustomer & { readonly key: string; readonly isCut: boolean };

function pageValues({ field, after, before, limit, offset }: PageQuery): Values {
  const keyOf = (position: Position | undefined) =>
    position && isTime(field) ? new Date(position.key) : position?.key;
  return {
    afterKey: keyOf(after),
    afterUuid: after?.uuid,
    beforeKey: keyOf(before),
    beforeUuid: before?.uuid,
    limit,
    offset,
  };
}
