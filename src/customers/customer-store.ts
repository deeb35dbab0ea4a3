import { type MikroORM } from '@mikro-orm/postgresql';
import type pg from 'pg';
import { type InsertCustomer, prepareInsertCustomer } from './create/insert-customer.js';
import { type InsertCustomers, prepareInsertCustomers } from './create/insert-customers.js';
import { prepareSettleOutcomes, type SettleOutcomes } from './create/settle-outcomes.js';
import { type MarkDeleted, prepareMarkDeleted } from './delete/mark-deleted.js';
import { type FindConflicts, prepareFindConflicts } from './find-conflicts.js';
import { type FindCustomer, prepareFindCustomer } from './find/find-customer.js';
import { prepareSelectCustomers, type SelectCustomers } from './list/select-customers.js';
import { type ChangeCustomers, prepareChangeCustomers } from './update/change-customers.js';
import { prepareUpsertCustomer, type UpsertCustomer } from './upsert/write-upsert.js';

/** The customers in the database. Every call names the team; no call reaches past it. */
export interface CustomerStore {
  readonly insert: InsertCustomer;
  readonly insertMany: InsertCustomers;
  readonly settleOutcomes: SettleOutcomes;
  readonly find: FindCustomer;
  readonly change: ChangeCustomers;
  readonly deletion: MarkDeleted;
  readonly upsert: UpsertCustomer;
  readonly list: SelectCustomers;
  readonly findConflicts: FindConflicts;
}

/**
 * Opens the store on a connected ORM.
 *
 * @param lists - runs the statements of lists. The default is the ORM's own pool.
 */
export async function openCustomerStore(orm: MikroORM, lists?: pg.Pool): Promise<CustomerStore> {
  return {
    insert: await prepareInsertCustomer(orm),
    insertMany: await prepareInsertCustomers(orm),
    settleOutcomes: await prepareSettleOutcomes(orm),
    find: await prepareFindCustomer(orm),
    change: await prepareChangeCustomers(orm),
    deletion: await prepareMarkDeleted(orm),
    upsert: await prepareUpsertCustomer(orm),
    list: prepareSelectCustomers(orm, lists ?? (await orm.em.getConnection().getNativeClient())),
    findConflicts: await prepareFindConflicts(orm),
  };
}
