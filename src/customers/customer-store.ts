import { type MikroORM } from '@mikro-orm/postgresql';
import { type FindCustomer, prepareFindCustomer } from './find-customer.js';
import { type InsertCustomer, prepareInsertCustomer } from './insert-customer.js';

/** The customers in the database. Every call names the team; no call reaches past it. */
export interface CustomerStore {
  readonly insert: InsertCustomer;
  readonly find: FindCustomer;
}

/** Opens the store on a connected ORM. */
export async function openCustomerStore(orm: MikroORM): Promise<CustomerStore> {
  return { insert: await prepareInsertCustomer(orm), find: await prepareFindCustomer(orm) };
}
