import { type MikroORM } from '@mikro-orm/postgresql';
import { type CustomerType } from './customer.type.js';
import { findByEmail, findByUuid } from './find-customer.js';
import { type InsertCustomer, prepareInsertCustomer } from './insert-customer.js';

/** The customers in the database. Every call names the team; no call reaches past it. */
export interface CustomerStore {
  readonly insert: InsertCustomer;
  findByUuid(teamId: string, uuid: string): Promise<CustomerType | null>;
  findByEmail(teamId: string, email: string): Promise<CustomerType | null>;
}

/** Opens the store on a connected ORM. */
export async function openCustomerStore(orm: MikroORM): Promise<CustomerStore> {
  return {
    insert: await prepareInsertCustomer(orm),
    findByUuid: (teamId, uuid) => findByUuid(orm, teamId, uuid),
    findByEmail: (teamId, email) => findByEmail(orm, teamId, email),
  };
}
