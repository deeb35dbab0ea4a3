import { type MikroORM } from '@mikro-orm/postgresql';
import { numberParameters } from '../../database/statement.js';
import { type Executor } from '../../database/transaction.js';
import { type CustomerRepository, openCustomerRepository } from '../customer-repository.js';
import { Customer } from '../customer.entity.js';
import { type StoredCustomer } from '../new-customer.js';
import { customerFromRow, type SelectedCustomer } from '../select-customer.js';
import { CustomerKey } from '../upsert/upsert-customer.result.js';
import { batchChangesStatement } from './batch-changes.statement.js';
import { customersByKeyStatement } from './customers-by-key.statement.js';

/** The customers in the database, and reads that only an import needs. Each takes one round trip. */
export interface ImportStore {
  readonly customers: CustomerRepository;
  /** Those of the IDs that a customer of the team has, also a deleted one. */
  findStored(teamId: string, uuids: readonly string[]): Promise<ReadonlySet<string>>;
  /** The customers of the team with one of these email keys or external IDs. */
  findByKey(teamId: string, by: CustomerKey, keys: readonly string[]): Promise<readonly StoredCustomer[]>;
  /** Those of the customers that a batch has changed. Events that have expired are not found. */
  findChanged(
    executor: Executor,
    teamId: string,
    batchId: string,
    uuids: readonly string[],
  ): Promise<ReadonlySet<string>>;
}

/** Opens the store on a connected ORM. */
export async function openImportStore(orm: MikroORM): Promise<ImportStore> {
  const pool = await orm.em.getConnection().getNativeClient();
  const bindChanges = numberParameters(batchChangesStatement);
  const bindByKey = {
    EMAIL: numberParameters(customersByKeyStatement(orm, CustomerKey.EMAIL)),
    EXTERNAL_ID: numberParameters(customersByKeyStatement(orm, CustomerKey.EXTERNAL_ID)),
  };
  return {
    customers: await openCustomerRepository(orm),
    async findStored(teamId, uuids) {
      const where = { team: teamId, uuid: { $in: [...uuids] } };
      const found = await orm.em.fork().find(Customer, where, { fields: ['uuid'] });
      return new Set(found.map(({ uuid }) => uuid));
    },
    async findByKey(teamId, by, keys) {
      const { rows } = await pool.query<SelectedCustomer>(bindByKey[by]({ teamId, keys }));
      return rows.map(customerFromRow);
    },
    async findChanged(executor, teamId, batchId, uuids) {
      const { rows } = await executor.query<{ uuid: string }>(bindChanges({ teamId, batchId, uuids }));
      return new Set(rows.map(({ uuid }) => uuid));
    },
  };
}
