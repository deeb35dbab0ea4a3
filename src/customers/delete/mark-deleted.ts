import { type MikroORM } from '@mikro-orm/postgresql';
import { names } from '../../database/names.js';
import { withRetries } from '../../database/retry.js';
import { Customer } from '../customer.entity.js';
import { type CustomerType } from '../customer.type.js';
import { customerList, type SelectedCustomer, toCustomer } from '../select-customer.js';

/** Deletes customers and brings them back, each in one statement and one round trip. */
export interface MarkDeleted {
  /** @returns the customer as it was; undefined if the team has no such customer. */
  delete(teamId: string, uuid: string): Promise<CustomerType | undefined>;
  /**
   * @returns the customer; undefined if the team has deleted no such customer.
   * @throws when its email or external id was taken meanwhile: a unique violation of {@link liveUniques}.
   */
  restore(teamId: string, uuid: string): Promise<CustomerType | undefined>;
}

/** Writes the statements from the entities' metadata; each connection prepares them once. */
export async function prepareMarkDeleted(orm: MikroORM): Promise<MarkDeleted> {
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
    select ${customerList(orm, 'customer')} from customer`;
  const deleteText = mark('now()', 'is null');
  const restoreText = mark('null', 'is not null');

  const run = async (name: string, text: string, values: string[]) => {
    const { rows } = await withRetries(() => pool.query<SelectedCustomer>({ name, text, values }));
    return rows[0] && toCustomer(rows[0]);
  };
  return {
    delete: (teamId, uuid) => run('delete-customer', deleteText, [teamId, uuid]),
    restore: (teamId, uuid) => run('restore-customer', restoreText, [teamId, uuid]),
  };
}
