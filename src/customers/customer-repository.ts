import { type MikroORM } from '@mikro-orm/postgresql';
import type pg from 'pg';
import { type InsertCustomer, prepareInsertCustomer } from './create/insert-customer.js';
import { type InsertCustomers, prepareInsertCustomers } from './create/insert-customers.js';
import { prepareSettleOutcomes, type SettleOutcomes } from './create/settle-outcomes.js';
import { prepareSoftDelete, type SoftDelete } from './delete/soft-delete.js';
import { type EraseCustomers, prepareEraseCustomers } from './erase/erase-stored-customer.js';
import { type FindConflicts, prepareFindConflicts } from './find-conflicts.js';
import { prepareReadEvents, type ReadEvents } from './events/read-events.js';
import { type FindCustomer, prepareFindCustomer } from './find/find-customer.js';
import { type FindMany, prepareFindMany } from './find/find-many.js';
import { prepareSelectCustomers, type SelectCustomers } from './list/select-customers.js';
import { prepareUpdateCustomers, type UpdateCustomers } from './update/update-stored-customers.js';
import { prepareUpsertCustomer, type UpsertCustomer } from './upsert/upsert-stored-customer.js';

/** The customers in the database. Every method takes a team and reads or writes only its rows. */
export interface CustomerRepository
  extends FindCustomer, FindMany, SelectCustomers, SoftDelete, EraseCustomers, ReadEvents {
  readonly insert: InsertCustomer;
  readonly insertMany: InsertCustomers;
  readonly settleOutcomes: SettleOutcomes;
  readonly update: UpdateCustomers;
  readonly upsert: UpsertCustomer;
  readonly findConflicts: FindConflicts;
}

/**
 * Opens the repository on a connected ORM.
 *
 * @param lists - runs the statements of lists. The default is the ORM's own pool.
 */
export async function openCustomerRepository(orm: MikroORM, lists?: pg.Pool): Promise<CustomerRepository> {
  const listPool = lists ?? (await orm.em.getConnection().getNativeClient());
  const insertMany = await prepareInsertCustomers(orm);
  return {
    ...(await prepareFindCustomer(orm)),
    ...prepareFindMany(orm, listPool),
    ...(await prepareSoftDelete(orm)),
    ...(await prepareEraseCustomers(orm)),
    ...prepareSelectCustomers(orm, listPool),
    ...prepareReadEvents(orm, listPool),
    insert: await prepareInsertCustomer(orm, insertMany),
    insertMany,
    settleOutcomes: await prepareSettleOutcomes(orm),
    update: await prepareUpdateCustomers(orm),
    upsert: await prepareUpsertCustomer(orm),
    findConflicts: await prepareFindConflicts(orm),
  };
}
