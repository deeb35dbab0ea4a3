import { mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { graphql } from 'graphql';
import { buildGatewaySchema } from '../dist/src/graphql/schema.js';
import { openCustomerStore } from '../dist/src/customers/customer-store.js';
import { openOrm } from '../dist/src/database/orm.js';
import { seed, startDatabase } from './database.ts';
import { operations } from './plan-operations.ts';

/**
 * Fills one team with a million customers, runs every operation as the gateway does, and prints the statements it sent
 * and the plan of each. Fails when an operation sends more statements than it may, reads a whole table, or searches
 * with anything but one scan of one index.
 */
const { values: options } = parseArgs({
  options: {
    /** Customers in the team. */
    customers: { type: 'string', default: '1000000' },
  },
});

/** A statement as it was sent. */
interface Statement {
  readonly text: string;
  readonly values: readonly unknown[];
}

/** What is wrong with an operation's plans. */
function faultsOf(plans: readonly string[], expected: { statements: number; searches: boolean }): string[] {
  const faults: string[] = [];
  if (plans.length !== expected.statements) {
    faults.push(`${plans.length} statements where ${expected.statements} should do`);
  }
  for (const plan of plans) {
    if (/Seq Scan on (customer|contact)\b/.test(plan)) faults.push('a whole table is read');
    const scans = plan.match(/Index (Only )?Scan (Backward )?(on|using) customer_live_\w+/g) ?? [];
    if (expected.searches && scans.length !== 1) faults.push(`${scans.length} index scans for a search`);
  }
  return faults;
}

const folder = fileURLToPath(new URL('.data/', import.meta.url));
await mkdir(folder, { recursive: true });
const database = await startDatabase(folder);
let failed = 0;
try {
  process.stderr.write(`filling a team with ${options.customers} customers\n`);
  await seed(database, Number(options.customers));
  const [sample] = await database.query<{ id: string; email: string; contact: string }>(
    `select customer.id, customer.email, contact.id as contact
     from customer join contact on customer_id = customer.id order by customer.id offset 1000 limit 1`,
  );
  if (!sample) throw new Error('The table is empty');

  const orm = await openOrm(database.url);
  const customers = await openCustomerStore(orm);
  const pool = await orm.em.getConnection().getNativeClient();
  const schema = await buildGatewaySchema();
  const statements: Statement[] = [];
  pool.on('connect', (client) => {
    const send = client.query.bind(client);
    client.query = (first: unknown, ...rest: unknown[]) => {
      const config = typeof first === 'string' ? { text: first, values: rest[0] } : first;
      if (isStatement(config)) statements.push(config);
      return Reflect.apply(send, client, [first, ...rest]);
    };
  });
  const contextValue = {
    authentication: { caller: { clientId: database.client.clientId, teamId: database.client.teamId } },
    limit: { takeForField: async () => ({ allowed: true }) },
    customers,
  };

  for (const { name, source, variables, ...expected } of operations(sample)) {
    const run = () => graphql({ schema, source, variableValues: variables, contextValue });
    await run();
    statements.length = 0;
    const before = performance.now();
    const { errors } = await run();
    const ms = performance.now() - before;
    if (errors) throw new Error(`${name}: ${errors.join(', ')}`);
    const plans: string[] = [];
    process.stdout.write(`\n## ${name}: ${ms.toFixed(1)} ms\n`);
    for (const { text, values } of statements.slice()) {
      const plan = await explain(text, values);
      plans.push(plan);
      process.stdout.write(`\n${text.replaceAll(/\s+/g, ' ').trim()}\n\n${plan}\n`);
    }
    for (const fault of faultsOf(plans, expected)) {
      failed += 1;
      process.stdout.write(`\nFAULT: ${fault}\n`);
    }
  }
  await orm.close();
} finally {
  await database.stop();
}
process.stdout.write(`\n${failed} faults\n`);
process.exitCode = failed === 0 ? 0 : 1;

/** The plan that PostgreSQL follows for a statement, with what it took; nothing that it writes stays. */
async function explain(text: string, values: readonly unknown[]): Promise<string> {
  await database.query('begin');
  try {
    const rows = await database.query<Record<'QUERY PLAN', string>>(
      `explain (analyze, buffers, costs off, summary off) ${text}`,
      [...values],
    );
    return rows.map((row) => row['QUERY PLAN']).join('\n');
  } finally {
    await database.query('rollback');
  }
}

function isStatement(config: unknown): config is Statement {
  return typeof config === 'object' && config !== null && 'text' in config && 'values' in config;
}
