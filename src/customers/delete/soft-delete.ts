import { type MikroORM } from '@mikro-orm/postgresql';
import { names } from '../../database/names.js';
import { withRetries } from '../../database/retry.js';
import { Customer } from '../customer.entity.js';
import { type StoredCustomer } from '../new-customer.js';
import { customerSelectList, type SelectedCustomer, customerFromRow } from '../select-customer.js';

/** Deletes customers and brings them back, each in one statement and one round trip. */
export interface SoftDelete {
  /** @returns the customer as it was; undefined if the team has no such customer. */
  softDelete(teamId: string, uuid: string): Promise<StoredCustomer | undefined>;
  /**
   * @returns the customer; undefined if the team has deleted no such customer.
   * @throws when its email or external id was taken meanwhile: a unique violation of {@link uniqueIndexes}.
   */
  restore(teamId: string, uuid: string): Promise<StoredCustomer | undefined>;
}

/** Writes the statements from the entities' metadata; each connection prepares them once. */
export async function prepareSoftDelete(orm: MikroORM): Promise<SoftDelete> {
  const pool = await orm.em.getConnection().getNativeClient();
  const customer = names(orm, Customer);
  const deletedAt = customer.column('deletedAt');
  const mark = (value: 'now()' | 'null', condition: 'is null' | 'is not null') => `
    with customer as (
      update ${customer.table} set ${deletedAt} = ${value}, ${customer.column('updatedAt')} = now(),
        ${customer.column('version')} = ${customer.column('version')} + 1
      where ${customer.column('team')} = $1 and ${customer.column('uuid')} = $2 and ${deletedAt} ${condition}
      returning *
    )
    select ${customerSelectList(orm, 'customer')} from customer`;
  const deleteText = mark('now()', 'is null');
  const restoreText = mark('null', 'is not null');

  const run = async (name: string, text: string, values: string[]) => {
    const { rows } = await withRetries(() => pool.query<SelectedCustomer>({ name, text, values }));
    return rows[0] && customerFromRow(rows[0]);
  };
  return {
    softDelete: (teamId, uuid) => run('delete-customer', deleteText, [teamId, uuid]),
    restore: (teamId, uuid) => run('restore-customer', restoreText, [teamId, uuid]),
  };
}
