import { type MikroORM } from '@mikro-orm/postgresql';
import { NIL } from 'uuid';
import { numberParameters, type Statement } from '../../database/statement.js';
import { type CommandActor } from '../events/actor.js';
import { type EraseCustomers } from './erase-stored-customer.js';
import {
  BATCH,
  countErasableStatement,
  deletedCustomersStatement,
  liveCustomersStatement,
  sumReceiptsStatement,
  teamOfCustomerStatement,
} from './erase-team.statement.js';

/** What all erasures of a team's customers removed. */
export interface TeamReceipt {
  readonly customers: number;
  readonly contacts: number;
  readonly events: number;
  readonly idempotencyKeys: number;
  /** Null if none was erased. */
  readonly firstErasedAt: Date | null;
  readonly lastErasedAt: Date | null;
}

/** The ORM's pool leaves times as PostgreSQL's text. */
type ReceiptRow = Omit<TeamReceipt, 'firstErasedAt' | 'lastErasedAt'> & {
  readonly firstErasedAt: string | null;
  readonly lastErasedAt: string | null;
};

/** The team of a customer, deleted, erased or not. Undefined if there is no such customer. */
export async function teamOfCustomer(orm: MikroORM, uuid: string): Promise<string | undefined> {
  return (await rowsOf<{ teamId: string }>(orm, teamOfCustomerStatement, { uuid }))[0]?.teamId;
}

/** The number of customers of a team that are not erased. */
export async function countErasable(orm: MikroORM, teamId: string): Promise<number> {
  return (await rowsOf<{ count: number }>(orm, countErasableStatement, { teamId }))[0]?.count ?? 0;
}

/** The sums of the receipts of a team, also of erasures before. */
export async function teamReceipt(orm: MikroORM, teamId: string): Promise<TeamReceipt> {
  const [row] = await rowsOf<ReceiptRow>(orm, sumReceiptsStatement, { teamId });
  if (!row) throw new Error('The sums of the receipts are missing');
  const { firstErasedAt, lastErasedAt } = row;
  return {
    ...row,
    firstErasedAt: firstErasedAt === null ? null : new Date(firstErasedAt),
    lastErasedAt: lastErasedAt === null ? null : new Date(lastErasedAt),
  };
}

/**
 * Erases all customers of a team, each in a transaction of its own. After an interruption, the next call erases the others.
 *
 * @param onErased - is called after each customer.
 * @param signal - once it is aborted, the erasure ends after the current customer.
 */
export async function eraseTeam(
  orm: MikroORM,
  customers: Pick<EraseCustomers, 'erase'>,
  actor: CommandActor,
  { onErased, signal }: { readonly onErased: () => void; readonly signal: AbortSignal },
): Promise<void> {
  for (const statement of [liveCustomersStatement, deletedCustomersStatement]) {
    for await (const uuid of customersOf(orm, statement, actor.teamId)) {
      if (signal.aborted) return;
      await customers.erase(actor, uuid);
      onErased();
    }
  }
}

/** A customer's place in the order of a statement, with PostgreSQL's text of its time. */
interface Position {
  readonly at: string;
  readonly uuid: string;
}

/** The customers that a statement gives, batch by batch. Customers that are created meanwhile come last. */
async function* customersOf(orm: MikroORM, statement: Statement, teamId: string): AsyncGenerator<string> {
  let last: Position = { at: '-infinity', uuid: NIL };
  for (;;) {
    const values = { teamId, at: last.at, after: last.uuid };
    const rows = await rowsOf<Position>(orm, statement, values);
    for (const { uuid } of rows) yield uuid;
    if (rows.length < BATCH) return;
    last = rows.at(-1) ?? last;
  }
}

async function rowsOf<Row extends object>(
  orm: MikroORM,
  statement: Statement,
  values: Readonly<Record<string, unknown>>,
): Promise<Row[]> {
  const pool = await orm.em.getConnection().getNativeClient();
  return (await pool.query<Row>(numberParameters(statement)(values))).rows;
}
