import { type MikroORM } from '@mikro-orm/postgresql';
import { withRetries } from '../../database/retry.js';
import { Unavailable } from '../../errors/unavailable.js';
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

/** Attempts while other requests change the customer. */
const MAX_ATTEMPTS = 10;

/** The customer, or whether there was one that another request changed meanwhile. */
type ChangedRow = SelectedCustomer & { readonly exists: boolean };

/** Writes the statements from the entities' metadata; each connection prepares them once. */
export async function prepareSoftDelete(orm: MikroORM): Promise<SoftDelete> {
  const pool = await orm.em.getConnection().getNativeClient();
  const prepare = (statement: Statement) => {
    const bind = numberParameters(statement);
    return async (actor: Actor, uuid: string) => {
      for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt += 1) {
        const { rows } = await withRetries(() =>
          pool.query<ChangedRow>(bind({ ...actorValues(actor), uuid })),
        );
        const [row] = rows;
        if (row?.uuid) return customerFromRow(row);
        if (!row?.exists) return undefined;
      }
      throw new Unavailable('database', { cause: new Error('Others changed the customer again and again') });
    };
  };
  return {
    softDelete: prepare(deleteCustomerStatement(orm)),
    restore: prepare(restoreCustomerStatement(orm)),
  };
}
