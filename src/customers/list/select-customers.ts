import { type MikroORM } from '@mikro-orm/postgresql';
import type pg from 'pg';
import { type Names, names } from '../../database/names.js';
import { type CustomerStatus } from '../customer-status.js';
import { Customer } from '../customer.entity.js';
import { type StoredCustomer } from '../new-customer.js';
import { customerSelectList, type SelectedCustomer, customerFromRow } from '../select-customer.js';
import { searchTerms } from '../text-keys.js';
import { type Position } from './cursor.js';
import { type CustomerOrder, CustomerOrderField, OrderDirection } from './customer-order.js';
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

type Bind = (value: unknown) => string;

/** Prepares the statements' names from the entities' metadata. */
export function prepareSelectCustomers(orm: MikroORM, pool: pg.Pool): SelectCustomers {
  const customer = names(orm, Customer);
  const list = customerSelectList(orm, 'customer');
  const uuid = customer.column('uuid');

  return {
    async list(teamId, filter, query, maxBytes = Number.MAX_SAFE_INTEGER) {
      const { values, bind } = parameters();
      const key = orderKeys[query.field](customer);
      const where = [
        ...conditions(customer, teamId, filter, bind),
        ...bounds(query, `(${key}, ${uuid})`, bind),
      ];
      const order = (of: string) =>
        `order by ${of}${key} ${query.direction}, ${of}${uuid} ${query.direction}`;
      const skip = query.offset ? `offset ${bind(query.offset)}` : '';
      // The inner query reads an index only; the table is read for the rows of the page.
      const page = `
        select ${list}, place.${key} as "key"
        from (
          select ${key}, ${uuid} from ${customer.table} where ${where.join(' and ')}
          ${order('')} limit ${bind(query.limit)} ${skip}
        ) as place join ${customer.table} as customer on customer.${uuid} = place.${uuid}`;
      const { rows } = await withinListTimeout(
        pool.query<SelectedRow>(cut(page, query.direction, bind(maxBytes)), values),
      );
      if (rows.some(({ isCut }) => isCut)) throw tooManyRows(maxBytes);
      return rows.map((row) => {
        const position = { key: isTime(query.field) ? Date.parse(row.key) : row.key, uuid: row.uuid };
        return { customer: customerFromRow(row), position };
      });
    },
    async count(teamId, filter) {
      const { values, bind } = parameters();
      const where = conditions(customer, teamId, filter, bind).join(' and ');
      const text = `select count(*)::int as "count" from ${customer.table} where ${where}`;
      const { rows } = await withinListTimeout(pool.query<{ count: number }>(text, values));
      return rows[0]?.count ?? 0;
    },
  };
}

/** A customer of a page, and whether the page has more bytes than it may. */
type SelectedRow = SelectedCustomer & { readonly key: string; readonly isCut: boolean };

/** The parts of a customer that can be large. */
const SIZE = `coalesce(octet_length("notes"), 0) + octet_length("metadata"::text) + octet_length("contacts"::text)`;

/** SQL: a page, or only its first customer if all of them have more than `maxBytes`. */
function cut(page: string, direction: OrderDirection, maxBytes: string): string {
  const order = `order by "key" ${direction}, "uuid" ${direction}`;
  // OFFSET 0 keeps PostgreSQL from looking the contacts up again for their size.
  return `
    select *, "total" > ${maxBytes}::bigint as "isCut"
    from (
      select *, sum(${SIZE}) over () as "total", row_number() over (${order}) as "place"
      from (${page} offset 0) as page
    ) as measured
    where "total" <= ${maxBytes}::bigint or "place" = 1
    ${order}`;
}

/** Values of a statement, and how to name the next one in its text. */
function parameters(): { readonly values: unknown[]; readonly bind: Bind } {
  const values: unknown[] = [];
  return { values, bind: (value) => `$${values.push(value)}` };
}

function conditions(customer: Names, teamId: string, filter: CustomerFilter, bind: Bind): string[] {
  const where = [`${customer.column('team')} = ${bind(teamId)}`, `${customer.column('deletedAt')} is null`];
  const narrow = (value: unknown, condition: (parameter: string) => string) => {
    if (value !== null) where.push(condition(bind(value)));
  };
  if (filter.search !== null) {
    const patterns = searchTerms(filter.search).map(
      (term) => `%${term.replaceAll(/[\\%_]/g, String.raw`\$&`)}%`,
    );
    const isFound = patterns.map((pattern) => `${customer.column('searchText')} like ${bind(pattern)}`);
    where.push(`(${isFound.join(' or ')})`);
  }
  narrow(filter.status, (parameter) => `${customer.column('status')} = ${parameter}`);
  narrow(filter.createdFrom, (parameter) => `${customer.column('createdAt')} >= ${parameter}`);
  narrow(filter.createdTo, (parameter) => `${customer.column('createdAt')} < ${parameter}`);
  narrow(filter.updatedFrom, (parameter) => `${customer.column('updatedAt')} >= ${parameter}`);
  narrow(filter.updatedTo, (parameter) => `${customer.column('updatedAt')} < ${parameter}`);
  return where;
}

function bounds({ field, direction, after, before }: PageQuery, place: string, bind: Bind): string[] {
  const beyond = (operator: '<' | '>', position: Position | undefined) => {
    if (!position) return [];
    const key = isTime(field)
      ? `${bind(new Date(position.key))}::timestamptz`
      : `${bind(position.key)}::text`;
    return [`${place} ${operator} (${key}, ${bind(position.uuid)}::uuid)`];
  };
  const isAscending = direction === OrderDirection.ASC;
  return [...beyond(isAscending ? '>' : '<', after), ...beyond(isAscending ? '<' : '>', before)];
}

/** Each has an index that begins with the team and goes on with this and the uuid, or is unique with this. */
const orderKeys: Record<CustomerOrderField, (customer: Names) => string> = {
  CUSTOMER: (customer) => customer.column('nameKey'),
  EMAIL: (customer) => customer.column('emailKey'),
  CREATED_AT: (customer) => customer.column('createdAt'),
  UPDATED_AT: (customer) => customer.column('updatedAt'),
};

function isTime(field: CustomerOrderField): boolean {
  return field === CustomerOrderField.CREATED_AT || field === CustomerOrderField.UPDATED_AT;
}
