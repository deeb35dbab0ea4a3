import { MikroORM } from '@mikro-orm/postgresql';
import type pg from 'pg';
import { ormOptions } from '../../dist/src/orm/orm.js';

/** An ORM without a database, which records the statements that it writes. */
export interface OrmRecorder {
  readonly orm: MikroORM;
  /**
   * Runs a function of the gateway and returns the statements that it sent. `begin` and `commit` are left out.
   *
   * @param results - the rows that its queries get, in order. By default a query gets none.
   */
  readonly record: (
    run: () => Promise<unknown>,
    results?: readonly (readonly object[])[],
  ) => Promise<string[]>;
}

export async function openOrmRecorder(): Promise<OrmRecorder> {
  let sent: string[] = [];
  let pending: (readonly object[])[] = [];
  const connection = {
    query: async (text: string) => {
      const command = /^\w+/.exec(text)?.[0].toUpperCase() ?? '';
      if (command !== 'BEGIN' && command !== 'COMMIT') sent.push(text);
      const rows = command === 'SELECT' ? (pending.shift() ?? []) : [];
      return { command, rows, rowCount: rows.length };
    },
    release: () => {},
  };
  const orm = await MikroORM.init({
    ...ormOptions('postgresql://127.0.0.1/customer_gateway'),
    ensureDatabase: false,
    driverOptions: {
      onPoolCreated: (pool: pg.Pool) => Object.assign(pool, { connect: async () => connection }),
    },
  });
  return {
    orm,
    async record(run, results = []) {
      sent = [];
      pending = [...results];
      await run();
      return sent;
    },
  };
}
