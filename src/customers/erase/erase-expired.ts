import { type MikroORM } from '@mikro-orm/postgresql';
import { NIL } from 'uuid';
import { numberParameters } from '../../database/statement.js';
import { BATCH, expiredCustomersStatement } from './erase-expired.statement.js';
import { type EraseCustomers } from './erase-stored-customer.js';

/** Customers that one run looks at, at most, so that other sweeps get their turn. The next run continues. */
const MAX_CUSTOMERS = 10_000;

/** Failures after which a run ends. A customer that cannot be erased does not keep the others. */
const MAX_FAILURES = 3;

interface ExpiredCustomer {
  readonly uuid: string;
  readonly teamId: string;
  /** PostgreSQL's text. */
  readonly deletedAt: string;
}

/**
 * Erases customers that were deleted more than `days` days ago, oldest first, each in a transaction of its own. Several gateways can do so
 * at once: each skips customers that another one is erasing.
 *
 * @throws the first failure, after the other customers; without further attempts after three failures.
 * @param signal - once it is aborted, the erasure ends after the current customer.
 */
export async function eraseExpired(
  orm: MikroORM,
  customers: Pick<EraseCustomers, 'eraseExpired'>,
  days: number,
  signal?: AbortSignal,
): Promise<void> {
  const pool = await orm.em.getConnection().getNativeClient();
  const bind = numberParameters(expiredCustomersStatement);
  const failures: unknown[] = [];
  let last: Omit<ExpiredCustomer, 'teamId'> = { deletedAt: '-infinity', uuid: NIL };
  for (let seen = 0; seen < MAX_CUSTOMERS; seen += BATCH) {
    const values = { days, deletedAt: last.deletedAt, after: last.uuid };
    const { rows } = await pool.query<ExpiredCustomer>(bind(values));
    for (const { uuid, teamId } of rows) {
      if (signal?.aborted) return;
      await customers.eraseExpired({ teamId, command: 'retention' }, uuid, days).catch((error: unknown) => {
        failures.push(error);
        if (failures.length === MAX_FAILURES) throw error;
      });
    }
    if (rows.length < BATCH) break;
    last = rows.at(-1) ?? last;
  }
  if (failures.length > 0) throw failures[0];
}
