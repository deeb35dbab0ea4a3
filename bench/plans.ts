import { randomUUID } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { type PoolClient } from 'pg';
import { SecretBox } from '../dist/src/auth/secret-box.js';
import { ReplayGuard } from '../dist/src/auth/replay-guard.js';
import { ScopeCheck } from '../dist/src/auth/scope-check.js';
import { ALL_SCOPES } from '../dist/src/auth/scopes.js';
import { SignatureClaim } from '../dist/src/auth/signature-claim.js';
import { readConfig } from '../dist/src/config/config.js';
import { ByteBudget } from '../dist/src/concurrency/byte-budget.js';
import { ClientTurns } from '../dist/src/concurrency/client-turns.js';
import { FairStart } from '../dist/src/concurrency/fair-start.js';
import { openImportStore } from '../dist/src/customers/import/import-store.js';
import { asUnavailable } from '../dist/src/errors/unavailable.js';
import { openOrm } from '../dist/src/orm/orm.js';
import { openLog } from '../dist/src/observability/log.js';
import { startApollo } from '../dist/src/graphql/apollo.js';
import { RequestRecord } from '../dist/src/observability/request-record.js';
import { ResponseBytes } from '../dist/src/concurrency/response-bytes.js';
import { ClientLimits } from '../dist/src/rate-limit/client-limits.js';
import { SlidingWindow } from '../dist/src/rate-limit/sliding-window.js';
import { openWebhooks } from '../dist/src/webhooks/open-webhooks.js';
import { DeliveryStore } from '../dist/src/webhooks/send/delivery-store.js';
import { type BenchDatabase, startDatabase } from './database.ts';
import { documentsWork, fillDocuments } from './plan-documents.ts';
import {
  fillHistory,
  historyOperations,
  plannedImport,
  type PlannedWork,
  plannedWork,
} from './plan-history.ts';
import { operations, type PlannedOperation } from './plan-operations.ts';
import { seed } from './seed.ts';

/**
 * Fills one team with a million customers, an event of each and a delivery of each event, and 101 clients with published documents. Runs
 * every operation as the gateway does, and prints the statements it sent and the plan that PostgreSQL followed for each. Fails when an
 * operation sends more statements than it may, reads a whole table, reads many of its rows in the order of an index, or searches with
 * anything but one scan of one index.
 */
const { values: options } = parseArgs({
  options: {
    /** Customers in the team. */
    customers: { type: 'string', default: '1000000' },
  },
});

/** Far above the operations here. */
const NO_LIMIT = 1_000_000;
const MINUTE_MS = 60_000;

/** Plans of large tables take longer than a request may. */
const PATIENT_POOL = { max: 10, waitMs: 60_000, statementTimeoutMs: 600_000 };

/** Settings of a connection that gets the plan of each of its statements as it was executed. */
const TELL_PLANS = Object.entries({
  session_preload_libraries: 'auto_explain',
  'auto_explain.log_min_duration': '0',
  'auto_explain.log_analyze': 'on',
  'auto_explain.log_buffers': 'on',
  'auto_explain.log_timing': 'off',
  client_min_messages: 'log',
});

/** Runs operations against a database, without HTTP. */
interface Runner {
  /** The plans of what one operation sends. */
  plansOf(operation: PlannedOperation): Promise<readonly string[]>;
  /** The plans of what other work sends. */
  plansOfWork(work: PlannedWork): Promise<readonly string[]>;
  stop(): Promise<void>;
}

async function startRunner({
  url,
  secretsKey,
  client: { clientId, teamId },
}: BenchDatabase): Promise<Runner> {
  process.env['PGOPTIONS'] = TELL_PLANS.map(([name, value]) => `-c ${name}=${value}`).join(' ');
  // With the settings of a gateway that serves: other connections send options of their own instead of PGOPTIONS.
  const orm = await openOrm(url, PATIENT_POOL);
  const imports = await openImportStore(orm);
  const { customers } = imports;
  const config = readConfig({ NODE_ENV: 'test', LOG_LEVEL: 'silent' });
  const pool = await orm.em.getConnection().getNativeClient();
  const box = new SecretBox([Buffer.from(secretsKey, 'base64')]);
  const webhooks = openWebhooks(orm, box, pool, config.webhooks);
  const log = await openLog(config);
  const apollo = await startApollo(config, log, async (error) => asUnavailable(error));
  const limits = new ClientLimits(new SlidingWindow(NO_LIMIT, MINUTE_MS));
  const replays = new ReplayGuard(MINUTE_MS, undefined);
  const responses = { bytes: config.bounds.responseBytes, budget: new ByteBudget(Infinity) };
  const plans: string[] = [];
  const deliveries = new DeliveryStore(orm, pool);
  const heard = new WeakSet<PoolClient>();
  pool.on('acquire', (connection: PoolClient) => {
    if (heard.has(connection)) return;
    heard.add(connection);
    connection.on('notice', ({ message }) => {
      if (message?.includes('Query Text:')) plans.push(message);
    });
  });

  return {
    async plansOf({ name, source, variables }) {
      plans.length = 0;
      const contextValue = {
        authentication: { caller: { clientId, teamId, tokenId: null } },
        signature: new SignatureClaim(replays, name),
        scopes: new ScopeCheck(ALL_SCOPES),
        requestId: randomUUID(),
        log,
        limit: await limits.begin(clientId),
        record: new RequestRecord(),
        response: new ResponseBytes(clientId, responses),
        heavyTurn: new ClientTurns(1, MINUTE_MS, new FairStart()).turnOf(clientId),
        customers,
        webhooks,
      };
      const { body } = await apollo.executeOperation({ query: source, variables }, { contextValue });
      if (body.kind !== 'single' || /"(errors|code)":/.test(JSON.stringify(body))) {
        throw new Error(`${name} failed: ${JSON.stringify(body)}`);
      }
      return plans.slice();
    },
    async plansOfWork(work) {
      plans.length = 0;
      await work.run({ orm, deliveries, imports, executor: pool });
      return plans.slice();
    },
    async stop() {
      await apollo.stop();
      await orm.close();
    },
  };
}

/**
 * Rows of customers that an operation may read in the order of an index. Each can be on another page of the table, so many are
 * the slowest plan that there is.
 */
const MAX_WALKED = 10_000;

/** Rows of a table, and not only of an index, that a plan read in the order of an index. */
function walkedRows(plan: string): number {
  const walks = Array.from(
    plan.matchAll(
      / Index Scan (?:Backward )?using \w+ on (?:customer|customer_event|webhook_delivery)\b(?:(?!->)[^])*/g,
    ),
  );
  return walks.reduce((most, [walk]) => {
    const [, rows = '0', loops = '1'] = /actual rows=([\d.]+) loops=(\d+)/.exec(walk) ?? [];
    const [, removed = '0'] = /Rows Removed by Filter: (\d+)/.exec(walk) ?? [];
    return Math.max(most, (Number(rows) + Number(removed)) * Number(loops));
  }, 0);
}

/** What the plans of an operation may be. */
type Expected = Pick<PlannedOperation, 'name' | 'statements'> & Partial<PlannedOperation>;

/** What is wrong with an operation's plans. */
function faultsOf(
  { statements, searches = false, readsAll = false }: Expected,
  plans: readonly string[],
): string[] {
  const faults: string[] = [];
  if (plans.length !== statements) faults.push(`${plans.length} statements where ${statements} should do`);
  for (const plan of plans) {
    if (
      !readsAll &&
      /Seq Scan on (customer|contact|customer_event|webhook_delivery|published_document)\b/.test(plan)
    )
      faults.push('a whole table is read');
    const walked = walkedRows(plan);
    if (walked > MAX_WALKED) faults.push(`${walked} rows are read in the order of an index`);
    const scans = plan.match(/Scan (Backward )?(on|using) customer_\w+_(index|unique)/g) ?? [];
    if (searches && scans.length !== 1) faults.push(`${scans.length} index scans for a search`);
  }
  return faults;
}

const folder = fileURLToPath(new URL('.data/plans/', import.meta.url));
await mkdir(folder, { recursive: true });
const database = await startDatabase(folder);
let faults = 0;
try {
  process.stderr.write(`filling a team with ${options.customers} customers\n`);
  await seed(database, Number(options.customers));
  const runner = await startRunner(database);
  const show = async (expected: Expected, send: () => Promise<readonly string[]>): Promise<void> => {
    const before = performance.now();
    const plans = await send();
    process.stdout.write(`\n## ${expected.name}: ${(performance.now() - before).toFixed(1)} ms\n`);
    for (const plan of plans) process.stdout.write(`\n${plan.replaceAll(/\n\s*\n/g, '\n')}\n`);
    for (const fault of faultsOf(expected, plans)) {
      faults += 1;
      process.stdout.write(`\nFAULT: ${fault}\n`);
    }
  };
  for (const operation of await operations(database)) await show(operation, () => runner.plansOf(operation));
  process.stderr.write('filling the events and deliveries\n');
  const filled = await fillHistory(database);
  for (const operation of historyOperations(filled)) await show(operation, () => runner.plansOf(operation));
  for (const work of [...plannedWork(filled), ...(await plannedImport(filled, database))]) {
    await show(work, () => runner.plansOfWork(work));
  }
  process.stderr.write('filling the published documents\n');
  await fillDocuments(database);
  for (const work of documentsWork(database)) await show(work, () => runner.plansOfWork(work));
  await runner.stop();
} finally {
  await database.stop();
}
process.stdout.write(`\n${faults} faults\n`);
process.exitCode = faults === 0 ? 0 : 1;
