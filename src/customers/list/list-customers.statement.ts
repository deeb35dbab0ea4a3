import { type MikroORM } from '@mikro-orm/postgresql';
import { type Statement } from '../../database/statement.js';
import { customerSelectList, selectedBytes } from '../select-customer.js';
import { CustomerOrderField, OrderDirection } from './customer-order.js';
import { limits } from '../limits.js';
import { filterConditions, isEmpty } from './filter-conditions.js';
import { type CustomerFilter, type PageQuery } from './select-customers.js';

/** Each has an index that begins with the team and goes on with this and the uuid, or is unique with this. */
const orderKeys: Readonly<Record<CustomerOrderField, string>> = {
  CUSTOMER: 'name_key',
  EMAIL: 'email_key',
  CREATED_AT: 'created_at',
  UPDATED_AT: 'updated_at',
};

/** Writes the statements of lists. */
export type ListCustomersStatement = (filter: CustomerFilter, query: PageQuery) => Statement;

/** Most rows of a page: a connection reads one more than it returns. */
const MAX_ROWS = limits.pageSize + 1;

/**
 * Gives the customers of a page in their order, or only the first, with `isCut`, if the notes, metadata and contacts of all
 * have more than `:'maxBytes'`.
 *
 * Without a filter it is prepared: every team's page is read in the order of one index. With a filter it is planned at each
 * call, because the number of customers that match the values decides on the index.
 */
export function listCustomersStatement(orm: MikroORM): ListCustomersStatement {
  const list = customerSelectList(orm, 'customer');
  return (filter, query) => {
    const { field, direction } = query;
    const key = orderKeys[field];
    const name = preparedListName(filter, query);
    // The innermost statement is answered by an index alone: customers are read only for the rows of the page.
    // OFFSET 0 keeps PostgreSQL from looking the contacts up again for their size.
    const text = `
      select *, "total" > :'maxBytes'::bigint as "isCut"
      from (
        select *, sum(${selectedBytes}) over () as "total"
        from (
          select ${list}, place.${key} as "key", place."place"
          from (
            select ${key}, id, row_number() over (order by ${key} ${direction}, id ${direction}) as "place"
            from (${pageOf(filter, query, key, name !== undefined)}) as page
          ) as place join customer on customer.id = place.id
          offset 0
        ) as selected
      ) as measured
      where "total" <= :'maxBytes'::bigint or "place" = 1
      order by "place"`;
    return name === undefined ? { text } : { name, text };
  };
}

/** SQL: the keys and IDs of the page. */
function pageOf(filter: CustomerFilter, query: PageQuery, key: string, isPrepared: boolean): string {
  const { direction, offset } = query;
  const ordered = `
    select ${key}, id from customer
    where ${filterConditions(filter)} ${boundConditions(query, key)}
    order by ${key} ${direction}, id ${direction}`;
  const skipped = offset ? `offset :'offset'` : '';
  if (!isPrepared) return `${ordered} limit :'limit' ${skipped}`;
  // PostgreSQL takes an unknown LIMIT for a tenth of the rows, and would plan a page of a large team at each call because that
  // plan looks cheaper. With a constant inside, it takes it for a tenth of the constant.
  return `select * from (${ordered} limit ${MAX_ROWS} ${skipped}) as ordered limit :'limit'`;
}

/** The name of the statement of a page if it is prepared: one of 40. Each connection keeps the plans of those that it executed. */
export function preparedListName(filter: CustomerFilter, query: PageQuery): string | undefined {
  if (!isEmpty(filter)) return undefined;
  const { field, direction, after, before, offset } = query;
  const parts = [after && 'after', before && 'before', offset && 'offset'];
  return ['list-customers', orderKeys[field], direction, ...parts].filter(Boolean).join('-');
}

/** SQL: the customers between the cursors. */
function boundConditions({ field, direction, after, before }: PageQuery, key: string): string {
  const type = isTime(field) ? 'timestamptz' : 'text';
  const [beyond, within] = direction === OrderDirection.ASC ? ['>', '<'] : ['<', '>'];
  return [
    ...(after ? [`and (${key}, id) ${beyond} (:'afterKey'::${type}, :'afterUuid'::uuid)`] : []),
    ...(before ? [`and (${key}, id) ${within} (:'beforeKey'::${type}, :'beforeUuid'::uuid)`] : []),
  ].join(' ');
}

/** Whether an order is by time. */
export function isTime(field: CustomerOrderField): boolean {
  return field === CustomerOrderField.CREATED_AT || field === CustomerOrderField.UPDATED_AT;
}
