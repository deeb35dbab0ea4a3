import { type MikroORM } from '@mikro-orm/postgresql';
import { Batcher } from '../../database/batcher.js';
import { queryWithLockTimeout } from '../../database/lock-timeout.js';
import { listOf, parameterValues, rowsToJson } from '../../database/records.js';
import { withRetries } from '../../database/retry.js';
import { numberParameters } from '../../database/statement.js';
import { type IdempotentCall } from '../../idempotency/idempotency-key.js';
import { contactColumns, customerColumns } from '../columns.js';
import { contactRows, type NewCustomer } from '../new-customer.js';
import { actorValues, type ApiActor } from '../events/actor.js';
import { InsertCall } from './insert-call.js';
import { insertCustomerStatement } from './insert-customer.statement.js';
import { type InsertCustomers, type Insertion, type InsertResult, toInsertion } from './insert-customers.js';
import { insertTogetherStatement } from './insert-together.statement.js';

/**
 * Stores a customer with its contacts, all or nothing, in one statement and one round trip. Calls at the same time share a
 * statement. With an idempotency key it does what {@link InsertCustomers} does.
 *
 * The unique indexes decide between two concurrent calls: the second waits for the first and then stores nothing. Without a key
 * the outcome of a customer that is not stored is always `UNCLEAR`: its email or its external ID is taken.
 */
export type InsertCustomer = (
  actor: ApiActor,
  draft: NewCustomer,
  call?: IdempotentCall,
) => Promise<Insertion>;

/** Writes the statements from the entities' metadata; each connection prepares them once. */
export async function prepareInsertCustomer(
  orm: MikroORM,
  insertMany: InsertCustomers,
): Promise<InsertCustomer> {
  const pool = await orm.em.getConnection().getNativeClient();
  const bind = numberParameters(insertCustomerStatement(orm));
  const bindTogether = numberParameters(insertTogetherStatement(orm));

  const alone = async ({ actor, draft, call }: InsertCall): Promise<Insertion> => {
    if (call) return insertMany(actor, [{ draft }], call);
    const values = {
      ...actorValues(actor),
      ...parameterValues(customerColumns, draft),
      contacts: rowsToJson(contactColumns, contactRows(draft)),
    };
    const { rows } = await withRetries(() => pool.query<{ createdAt: string }>(bind(values)));
    // The ORM's pool leaves times as PostgreSQL's text.
    return rows[0] ? created(rows[0].createdAt) : REFUSED;
  };

  const together = async (calls: readonly InsertCall[]): Promise<(Insertion | undefined)[]> => {
    const values = {
      calls: listOf(calls.map(({ texts }) => texts.row)),
      contacts: listOf(calls.flatMap(({ texts }) => texts.contacts)),
    };
    const { rows } = await queryWithLockTimeout<InsertResult & { readonly uuid: string }>(
      pool,
      bindTogether(values),
    );
    const results = new Map(rows.map((row) => [row.uuid, row]));
    return calls.map(({ draft, call }) => {
      const result = results.get(draft.uuid);
      if (result) return toInsertion(result);
      // The conflict can be with the same call, sent twice at the same time.
      return call ? undefined : REFUSED;
    });
  };

  const batcher = new Batcher<InsertCall, Insertion>({
    alone,
    together,
    sizeOf: ({ texts }) => texts.contacts.reduce((size, contact) => size + contact.length, texts.row.length),
  });
  return (actor, draft, call) => batcher.run(new InsertCall(actor, draft, call));
}

const REFUSED: Insertion = { outcomes: ['UNCLEAR'], createdAt: null, earlier: undefined };

function created(createdAt: string): Insertion {
  return { outcomes: ['CREATED'], createdAt: new Date(createdAt), earlier: undefined };
}
