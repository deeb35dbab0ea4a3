import { type MikroORM } from '@mikro-orm/postgresql';
import { withRetries } from '../../database/retry.js';
import { numberParameters, type Statement } from '../../database/statement.js';
import { type StoredCustomer } from '../new-customer.js';
import { type SelectedCustomer, customerFromRow } from '../select-customer.js';
import { type Actor, actorValues } from '../events/actor.js';
import { deleteCustomerStatement } from './delete-customer.statement.js';
import { restoreCustomerStatement } from './restore-customer.statement.js';

/** Deletes customers and brings them back, each in one statement and one round trip. */
export interface SoftDelete {
  /** @returns the customer as it was; undefined if the team has no such customer. */
  softDelete(actor: Actor, uuid: string): Promise<StoredCustomer | undefined>;
  /**
   * @returns the customer; undefined if the team has deleted no such customer.
   * @throws when its email or external id was taken meanwhile: a unique violation of {@link uniqueIndexes}.
   */
  restore(actor: Actor, uuid: string): Promise<StoredCustomer | undefined>;
}

/** Writes the statements from the entities' metadata; each connection prepares them once. */
export async function prepareSoftDelete(orm: MikroORM): Promise<SoftDelete> {
  const pool = await orm.em.getConnection().getNativeClient();
  const prepare = (statement: Statement) => {
    const bind = numberParameters(statement);
    return async (actor: Actor, uuid: string) => {
      const { rows } = await withRetries(() =>
        pool.query<SelectedCustomer>(bind({ ...actorValues(actor), uuid })),
      );
      return rows[0] && customerFromRow(rows[0]);
    };
  };
  return {
    softDelete: prepare(deleteCustomerStatement(orm)),
    restore: prepare(restoreCustomerStatement(orm)),
  };
}
