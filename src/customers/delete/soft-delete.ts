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
   * @returns the customer; `ERASED` if it was erased; undefined if the team has deleted no such customer.
   * @throws when its email or external id was taken meanwhile: a unique violation of {@link uniqueIndexes}.
   */
  restore(actor: Actor, uuid: string): Promise<StoredCustomer | 'ERASED' | undefined>;
}

/** Attempts while other requests change the customer. */
const MAX_ATTEMPTS = 10;

/** The customer, or whether there is one that was erased, or that another request changed meanwhile. */
type ChangedRow = SelectedCustomer & { readonly exists: boolean; readonly isErased?: boolean };

/** Writes the statements from the entities' metadata; each connection prepares them once. */
export async function prepareSoftDelete(orm: MikroORM): Promise<SoftDelete> {
  const pool = await orm.em.getConnection().getNativeClient();
  const prepare = (statement: Statement) => {
    const bind = numberParameters(statement);
    return async (actor: Actor, uuid: string): Promise<ChangedRow | undefined> => {
      for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt += 1) {
        const { rows } = await withRetries(() =>
          pool.query<ChangedRow>(bind({ ...actorValues(actor), uuid })),
        );
        const [row] = rows;
        if (!row?.exists) return undefined;
        if (row.isErased || row.uuid) return row;
      }
      throw new Unavailable('database', { cause: new Error('Others changed the customer again and again') });
    };
  };
  const remove = prepare(deleteCustomerStatement(orm));
  const restore = prepare(restoreCustomerStatement(orm));
  return {
    async softDelete(actor, uuid) {
      const row = await remove(actor, uuid);
      return row && customerFromRow(row);
    },
    async restore(actor, uuid) {
      const row = await restore(actor, uuid);
      if (row?.isErased) return 'ERASED';
      return row && customerFromRow(row);
    },
  };
}
