import { type MikroORM } from '@mikro-orm/postgresql';
import { type InsertCustomer, prepareInsertCustomer } from './create/insert-customer.js';
import { type InsertCustomers, prepareInsertCustomers } from './create/insert-customers.js';
import { type FindConflicts, prepareFindConflicts } from './find-conflicts.js';
import { type FindCustomer, prepareFindCustomer } from './find/find-customer.js';
import { prepareSelectCustomers, type SelectCustomers } from './list/select-customers.js';

/** The customers in the database. Every call names the team; no call reaches past it. */
export interface CustomerStore {
  readonly insert: InsertCustomer;
  readonly insertMany: InsertCustomers;
  readonly find: FindCustomer;
  readonly list: SelectCustomers;
  readonly findConflicts: FindConflicts;
}

/** Opens the store on a connected ORM. */
export async function openCustomerStore(orm: MikroORM): Promise<CustomerStore> {
  return {
    insert: await prepareInsertCustomer(orm),
    insertMany: await prepareInsertCustomers(orm),
    find: await prepareFindCustomer(orm),
    list: await prepareSelectCustomers(orm),
    findConflicts: await prepareFindConflicts(orm),
  };
}
