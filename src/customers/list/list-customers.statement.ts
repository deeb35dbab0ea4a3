import { type MikroORM } from '@mikro-orm/postgresql';
import { type Statement } from '../../database/statement.js';
import { customerSelectList, selectedBytes } from '../select-customer.js';
import { CustomerOrderField, OrderDirection } from './customer-order.js';
import { filterConditions } from './filter-conditions.js';
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

/**
 * Gives the customers of a page in their order, or only the first, with `isCut`, if the notes, metadata and contacts of all
 * have more than `:'maxBytes'`.
 */
export function listCustomersStatement(orm: MikroORM): ListCustomersStatement {
  const list = customerSelectList(orm, 'customer');
  return (filter, query) => {
    const { field, direction, offset } = query;
    const key = orderKeys[field];
    // The innermost statement is answered by an index alone: customers are read only for the rows of the page.
    // OFFSET 0 keeps PostgreSQL from looking the contacts up again for their size.
    const text = `
      select *, "total" > :'maxBytes'::bigint as "isCut"
      from (
        select *, row_number() over (order by "key" ${direction}, "uuid" ${direction}) as "place",
          sum(${selectedBytes}) over () as "total"
        from (
          select ${list}, place.${key} as "key"
          from (
            select ${key}, id from customer
            where ${filterConditions(filter)} ${boundConditions(query, key)}
            order by ${key} ${direction}, id ${direction}
            limit :'limit' ${offset ? `offset :'offset'` : ''}
          ) as place join customer on customer.id = place.id
          offset 0
        ) as page
      ) as measured
      where "total" <= :'maxBytes'::bigint or "place" = 1
      order by "key" ${direction}, "uuid" ${direction}`;
    return { text };
  };
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
