import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BenchDatabase } from './database.ts';
import { gatewayOperations, type Operations } from './operations.ts';
import { postgraphileOperations } from './peers/postgraphile-operations.ts';
import { type Entry } from './server.ts';

/** A server that takes part, and how it is asked. */
export interface Contender extends Entry {
  readonly operations: Operations;
  /** Whether it is said to do everything that `promises.ts` expects. */
  readonly keepsPromises?: boolean;
}

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** A limit that is counted but never reached. */
const RAISED_LIMIT = String(1_000_000_000);

/** Node's flags as `npm start` gives them in a checkout of the gateway. */
function startFlags(folder: string): string[] {
  const { scripts } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const command = /\bnode ((?:--\S+ )*)dist\/src\/main\.js/.exec(scripts.start)?.[1];
  if (command === undefined) throw new Error(`${folder} starts in a way that the bench cannot read`);
  return command.split(' ').filter(Boolean);
}

/** The gateway and its peers, all on one database and with the same flags; other checkouts with flags of their own. */
export function contenders(database: BenchDatabase, others: readonly string[]): Contender[] {
  const { client } = database;
  const nodeFlags = startFlags(here('..'));
  const gateway = {
    file: here('../dist/src/main.js'),
    nodeFlags,
    operations: gatewayOperations,
    environment: {
      NODE_ENV: 'production',
      DATABASE_URL: database.url,
      SECRETS_KEY: database.secretsKey,
      RATE_LIMIT_MAX: RAISED_LIMIT,
    },
  };
  const peer = {
    nodeFlags,
    operations: gatewayOperations,
    environment: {
      NODE_ENV: 'production',
      DATABASE_URL: database.url,
      BENCH_CLIENT_ID: client.clientId,
      BENCH_CLIENT_SECRET: client.clientSecret,
      BENCH_TOKEN: client.token,
      BENCH_TEAM_ID: client.teamId,
      BENCH_RATE_LIMIT: RAISED_LIMIT,
    },
  };
  // PostgreSQL takes an unknown OFFSET for a tenth of the table and so plans every page again, with the same plan.
  const planOnce = { ...peer.environment, PGOPTIONS: '-c plan_cache_mode=force_generic_plan' };
  const inTransaction = { ...peer.environment, BENCH_INSERT: 'transaction' };
  return [
    { ...gateway, name: 'the gateway', keepsPromises: true },
    { ...peer, name: '(a) by hand, one statement', file: here('peers/by-hand.ts'), environment: planOnce },
    { ...peer, name: '(b) by hand, transaction', file: here('peers/by-hand.ts'), environment: inTransaction },
    {
      ...peer,
      name: '(c) PostGraphile 5',
      file: here('peers/postgraphile.ts'),
      operations: postgraphileOperations(client.teamId),
    },
    { ...peer, name: '(d) Mercurius', file: here('peers/mercurius.ts'), environment: planOnce },
    { ...gateway, name: '(e) the gateway, unit of work', imports: [here('peers/with-unit-of-work.ts')] },
    {
      ...peer,
      name: '(f) Mercurius, same promises',
      file: here('peers/mercurius-with-promises.ts'),
      environment: planOnce,
      keepsPromises: true,
    },
    { ...peer, name: '(g) the stock combination', file: here('peers/stock.ts') },
    { ...peer, name: '(h) Apollo Server alone', file: here('peers/apollo.ts'), environment: planOnce },
    ...others.map((folder) => ({
      ...gateway,
      name: folder,
      file: join(folder, 'dist/src/main.js'),
      nodeFlags: startFlags(folder),
    })),
  ];
}
