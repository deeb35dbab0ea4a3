import { type MikroORM } from '@mikro-orm/postgresql';
import { insertCustomerStatement } from '../../dist/src/customers/create/insert-customer.statement.js';
import { insertTogetherStatement } from '../../dist/src/customers/create/insert-together.statement.js';
import { insertCustomersStatement } from '../../dist/src/customers/create/insert-customers.statement.js';
import { settleOutcomesStatement } from '../../dist/src/customers/create/settle-outcomes.statement.js';
import { CustomerStatus } from '../../dist/src/customers/customer-status.js';
import { deleteCustomerStatement } from '../../dist/src/customers/delete/delete-customer.statement.js';
import { restoreCustomerStatement } from '../../dist/src/customers/delete/restore-customer.statement.js';
import { expiredCustomersStatement } from '../../dist/src/customers/erase/erase-expired.statement.js';
import { eraseEventsStatement } from '../../dist/src/customers/erase/erase-events.statement.js';
import { eraseRowStatement } from '../../dist/src/customers/erase/erase-row.statement.js';
import {
  countErasableStatement,
  deletedCustomersStatement,
  liveCustomersStatement,
  sumReceiptsStatement,
  teamOfCustomerStatement,
} from '../../dist/src/customers/erase/erase-team.statement.js';
import { lockErasureStatement } from '../../dist/src/customers/erase/lock-erasure.statement.js';
import {
  findReceiptStatement,
  storeReceiptStatement,
} from '../../dist/src/customers/erase/receipt.statement.js';
import { historyStatement } from '../../dist/src/customers/events/history.statement.js';
import {
  eventsLagStatement,
  lastEventStatement,
  listEventsStatement,
} from '../../dist/src/customers/events/list-events.statement.js';
import { removeExpiredEventsStatement } from '../../dist/src/customers/events/remove-expired-events.statement.js';
import { allCustomersStatement } from '../../dist/src/customers/export/all-customers.statement.js';
import { fetchCustomersStatement } from '../../dist/src/customers/export/fetch-customers.statement.js';
import { metadataKeysStatement } from '../../dist/src/customers/export/metadata-keys.statement.js';
import { mostContactsStatement } from '../../dist/src/customers/export/most-contacts.statement.js';
import { batchChangesStatement } from '../../dist/src/customers/import/batch-changes.statement.js';
import { customersByKeyStatement } from '../../dist/src/customers/import/customers-by-key.statement.js';
import { findConflictsStatement } from '../../dist/src/customers/find-conflicts.statement.js';
import {
  findCustomersStatement,
  findCustomerStatement,
  type FindKey,
} from '../../dist/src/customers/find/find-customer.statement.js';
import { countCustomersStatement } from '../../dist/src/customers/list/count-customers.statement.js';
import { CustomerOrderField, OrderDirection } from '../../dist/src/customers/list/customer-order.js';
import {
  findManyContactsStatement,
  findManyCustomersStatement,
  findManyEventsStatement,
} from '../../dist/src/customers/find/find-many.statement.js';
import { listCustomersStatement } from '../../dist/src/customers/list/list-customers.statement.js';
import { type CustomerFilter, type PageQuery } from '../../dist/src/customers/list/select-customers.js';
import { lockCustomersStatement } from '../../dist/src/customers/update/lock-customers.statement.js';
import { readCustomersStatement } from '../../dist/src/customers/update/read-customers.statement.js';
import { updateCustomersStatement } from '../../dist/src/customers/update/update-customers.statement.js';
import { lockCustomerStatement } from '../../dist/src/customers/upsert/lock-customer.statement.js';
import { upsertCustomerStatement } from '../../dist/src/customers/upsert/upsert-customer.statement.js';
import { CustomerKey } from '../../dist/src/customers/upsert/upsert-customer.result.js';
import { type Statement } from '../../dist/src/database/statement.js';
import { removeExpiredKeysStatement } from '../../dist/src/idempotency/remove-expired-keys.statement.js';
import { type ListedStatement, type Section } from './listed-statement.ts';

export const prepared = ({ name = '', text }: Statement, runs: string): ListedStatement => ({
  title: `${name} (prepared)`,
  runs,
  text,
});

export const unprepared = (title: string, { text }: Statement, runs: string): ListedStatement => ({
  title,
  runs,
  text,
});

const noFilter: CustomerFilter = {
  search: null,
  status: null,
  createdFrom: null,
  createdTo: null,
  updatedFrom: null,
  updatedTo: null,
  deleted: false,
};
const date = new Date(0);
const fullFilter: CustomerFilter = {
  search: '555 1234',
  status: CustomerStatus.ACTIVE,
  createdFrom: date,
  createdTo: date,
  updatedFrom: date,
  updatedTo: date,
  deleted: true,
};
const byName: PageQuery = { field: CustomerOrderField.CUSTOMER, direction: OrderDirection.ASC, limit: 1 };
const byTime: PageQuery = { ...byName, field: CustomerOrderField.CREATED_AT, direction: OrderDirection.DESC };

const finds = (orm: MikroORM, by: FindKey, field: string): ListedStatement[] => [
  prepared(findCustomerStatement(orm, by), `For each ${field} that shares no statement.`),
  prepared(
    findCustomersStatement(orm, by),
    `For two to 64 ${field} that arrive while one statement of this kind is in progress.`,
  ),
];

/** The statements that read and write customers and idempotency keys. */
export function customerStatements(orm: MikroORM): Section[] {
  const list = listCustomersStatement(orm);
  return [
    {
      heading: 'Creating customers',
      statements: [
        prepared(
          insertCustomerStatement(orm),
          'For each createCustomer without an idempotency key that shares no statement.',
        ),
        prepared(
          insertTogetherStatement(orm),
          'For two to 64 createCustomer, with and without idempotency keys, that arrive while one statement of this kind is in progress. A call with a key that it neither stores nor knows is sent again with insert-customers.',
        ),
        prepared(
          insertCustomersStatement(orm),
          'For each createCustomers, each createCustomer with an idempotency key that shares no statement, and each batch of an import. A call with a key that creates nothing sends it twice.',
        ),
        prepared(
          findConflictsStatement,
          'When either the email or the external ID of a create is taken, to find out which, and before an update that changes either.',
        ),
        prepared(
          settleOutcomesStatement,
          'After find-conflicts, when the create had an idempotency key and created a customer.',
        ),
      ],
    },
    {
      heading: 'Reading one customer',
      statements: [
        ...finds(orm, 'uuid', 'customer(uuid)'),
        ...finds(orm, 'email', 'customerByEmail'),
        ...finds(orm, 'external-id', 'customerByExternalId'),
      ],
    },
    {
      heading: 'Reading objects by their IDs',
      statements: [
        prepared(findManyCustomersStatement(orm), 'For each nodes with more than one ID.'),
        prepared(findManyContactsStatement(orm), 'For the IDs of node and nodes that are of no customer.'),
        prepared(findManyEventsStatement(orm), 'At the same time as find-many-contacts.'),
      ],
    },
    {
      heading: 'Listing customers',
      statements: [
        prepared(
          list(noFilter, byName),
          'For each customers or customersConnection without a filter whose customers are selected, on the first page. Other orders and directions have statements of the same form, with email_key, created_at or updated_at instead of name_key.',
        ),
        prepared(
          list(noFilter, { ...byName, offset: 1 }),
          'For customers without a search, after the first page.',
        ),
        prepared(
          list(noFilter, { ...byName, after: { key: '', uuid: '' } }),
          'For customersConnection without a filter, with after. With before, or both, the statement has that condition.',
        ),
        unprepared(
          'list-customers: search, later page',
          list({ ...noFilter, search: 'acme' }, { ...byName, offset: 1 }),
          'For customers with a search and a page after the first.',
        ),
        unprepared(
          'list-customers: every filter, cursors',
          list(fullFilter, { ...byTime, after: { key: 0, uuid: '' }, before: { key: 0, uuid: '' } }),
          'For customersConnection with every filter, after and before. A filter or cursor that is not given leaves its condition out. A search for a phone number has the condition on digits.',
        ),
        unprepared(
          'count-customers',
          countCustomersStatement(noFilter),
          'When totalRecords, totalPages or totalCount is selected.',
        ),
        unprepared(
          'count-customers: every filter',
          countCustomersStatement(fullFilter),
          'The same with filters. A filter that is not given leaves its condition out.',
        ),
      ],
    },
    {
      heading: 'Updating customers',
      statements: [
        prepared(
          readCustomersStatement(orm),
          'First statement of each updateCustomer and updateCustomers, and of a batch of an import that updates customers.',
        ),
        prepared(updateCustomersStatement(orm), 'Last statement of each of these that changes something.'),
        prepared(
          lockCustomersStatement,
          'When another request changed a customer between the two: in a transaction, before both are sent again.',
        ),
      ],
    },
    {
      heading: 'Upserting customers',
      statements: [
        prepared(upsertCustomerStatement(orm, CustomerKey.EMAIL), 'For each upsertCustomer by EMAIL.'),
        prepared(
          lockCustomerStatement(CustomerKey.EMAIL),
          'When another request changed the customer while upsert-customer-EMAIL ran: in a transaction, before that is sent again.',
        ),
        prepared(
          upsertCustomerStatement(orm, CustomerKey.EXTERNAL_ID),
          'For each upsertCustomer by EXTERNAL_ID.',
        ),
        prepared(
          lockCustomerStatement(CustomerKey.EXTERNAL_ID),
          'When another request changed the customer while upsert-customer-EXTERNAL_ID ran: in a transaction, before that is sent again.',
        ),
      ],
    },
    {
      heading: 'Importing customers with --upsert',
      statements: [
        prepared(
          customersByKeyStatement(orm, CustomerKey.EMAIL),
          'First statement of each batch with --upsert email, and again for rows whose outcome depends on an earlier row or on another request.',
        ),
        prepared(customersByKeyStatement(orm, CustomerKey.EXTERNAL_ID), 'The same with --upsert externalId.'),
        prepared(
          batchChangesStatement,
          'When a stopped import is resumed, before it updates the customers of its first batch.',
        ),
      ],
    },
    {
      heading: 'Deleting customers',
      statements: [
        prepared(deleteCustomerStatement(orm), 'For each deleteCustomer.'),
        prepared(restoreCustomerStatement(orm), 'For each restoreCustomer.'),
      ],
    },
    {
      heading: 'Erasing customers, each in one transaction',
      statements: [
        prepared(
          lockErasureStatement({ isExpired: false }),
          'First statement of each eraseCustomer, and for each customer of erase.',
        ),
        prepared(
          lockErasureStatement({ isExpired: true }),
          'The same with DELETED_CUSTOMER_RETENTION_DAYS, for each customer of expired-customers.',
        ),
        prepared(findReceiptStatement(orm), 'Last statement, if the customer is erased already.'),
        prepared(eraseRowStatement(orm), 'Otherwise the second statement.'),
        prepared(eraseEventsStatement(orm), 'Third, for each 200 events, until a batch is not full.'),
        prepared(storeReceiptStatement(orm), 'Last statement.'),
        unprepared(
          'expired-customers',
          expiredCustomersStatement,
          'With DELETED_CUSTOMER_RETENTION_DAYS, at the start and every 10 minutes, until a batch is not full. The first batch begins after the time -infinity.',
        ),
        unprepared('team-of-customer', teamOfCustomerStatement, 'For erase --customer.'),
        unprepared(
          'count-erasable-customers',
          countErasableStatement,
          'For erase --team, at the start and at the end.',
        ),
        unprepared('team-customers: live', liveCustomersStatement, 'For each 100 customers of erase --team.'),
        unprepared(
          'team-customers: deleted',
          deletedCustomersStatement,
          'The same, after the customers that are not deleted.',
        ),
        unprepared('sum-receipts', sumReceiptsStatement, 'For erase --team, at the end.'),
      ],
    },
    {
      heading: 'Exporting customers, in one read-only transaction with isolation level repeatable read',
      statements: [
        unprepared('most-contacts', mostContactsStatement, 'First, for an export as CSV.'),
        unprepared('metadata-keys', metadataKeysStatement, 'Second, for an export as CSV.'),
        unprepared('all-customers', allCustomersStatement(orm), 'Before the first page.'),
        unprepared('fetch-customers', fetchCustomersStatement, 'For each page, until one is empty.'),
      ],
    },
    {
      heading: 'Events of customers',
      statements: [
        prepared(
          listEventsStatement(orm, { hasAfter: false, hasTypes: false }),
          'For each customerEvents without a cursor.',
        ),
        prepared(
          listEventsStatement(orm, { hasAfter: true, hasTypes: true }),
          'For each customerEvents with a cursor and types. Without types, or without a cursor, it leaves those conditions out.',
        ),
        prepared(lastEventStatement, 'For each lastCustomerEventCursor.'),
        prepared(eventsLagStatement, 'For each scrape of /metrics.'),
        prepared(historyStatement(orm), 'For the history of a customer, and for those of a list.'),
        unprepared(
          'remove-expired-events',
          removeExpiredEventsStatement,
          'At the start and every 10 minutes, until no full batch is left. The first batch begins after the UUID of zeros.',
        ),
      ],
    },
    {
      heading: 'Idempotency keys',
      statements: [
        unprepared(
          'remove-expired-keys',
          removeExpiredKeysStatement,
          'At the start and every 10 minutes, until no full batch is left.',
        ),
      ],
    },
  ];
}
