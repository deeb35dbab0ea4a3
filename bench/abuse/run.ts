// Runs each abuse beside clients that behave, and prints what those see with and without it: `npm run bench:abuse`.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { issueClient, issueToken } from '../../dist/src/auth/issue-credentials.js';
import { createTeam } from '../../dist/src/teams/teams.js';
import { SecretBox } from '../../dist/src/auth/secret-box.js';
import { openOrm } from '../../dist/src/orm/orm.js';
import { contenders } from '../contenders.ts';
import { type BenchDatabase, startDatabase } from '../database.ts';
import { type Client } from '../operations.ts';
import { writeSection } from '../markdown.ts';
import { type Server, startServer } from '../server.ts';
import { type Abuse, abuses } from './abuses.ts';
import { type Observation, observe, sendCreate } from './quiet-clients.ts';
import { fillTeam } from './fill-team.ts';

const { values: options } = parseArgs({
  options: {
    /** Seconds to observe, without and with each abuse. */
    seconds: { type: 'string', default: '20' },
    /** Customers of the abusive client's team. */
    customers: { type: 'string', default: '200000' },
    /** Only the abuses whose names have this text. */
    only: { type: 'string', default: '' },
    /** Puts the table into docs/security.md. */
    write: { type: 'boolean', default: false },
  },
});

/** With 40 creates a second, each sends 40 calls a minute; the default limit is 100. */
const QUIET_CLIENTS = 60;
/** Clients that send creates before a gateway is observed, so that its code is compiled, and how many each sends. */
const WARM_UP = { clients: 40, creates: 90, atOnce: 16 };
/** Node's default in a container of 1 GiB, as in compose.yaml. */
const HEAP = '--max-old-space-size=512';

const BYTES_PER_MB = 1_000_000;
const folder = fileURLToPath(new URL('../.data/', import.meta.url));
const abuser = fileURLToPath(new URL('abuser.ts', import.meta.url));

/** An abuse and what the other clients saw before and during it. */
interface Row {
  readonly abuse: Abuse;
  readonly quiet: Observation;
  readonly abused: Observation;
}

async function newClients(database: BenchDatabase, count: number): Promise<Client[]> {
  const orm = await openOrm(database.url);
  const box = new SecretBox([Buffer.from(database.secretsKey, 'base64')]);
  const clients: Client[] = [];
  for (let index = 0; index < count; index += 1) {
    const teamId = await createTeam(orm, `Team ${index}`);
    const client = await issueClient(orm, box, `Client ${index}`);
    const { token } = await issueToken(orm, { clientId: client.clientId, teamId, days: 1 });
    clients.push({ ...client, token, teamId });
  }
  await orm.close();
  return clients;
}

/** A client of its own for each abuse, so that each begins with a full limit; all act for the team that was filled. */
async function newAbusers(database: BenchDatabase): Promise<Client[]> {
  const orm = await openOrm(database.url);
  const box = new SecretBox([Buffer.from(database.secretsKey, 'base64')]);
  const { teamId } = database.client;
  const clients: Client[] = [];
  for (const { name } of abuses) {
    const client = await issueClient(orm, box, name);
    const { token } = await issueToken(orm, { clientId: client.clientId, teamId, days: 1 });
    clients.push({ ...client, token, teamId });
  }
  await orm.close();
  return clients;
}

async function warmUp(server: Server, clients: readonly Client[]): Promise<void> {
  const calls = clients.flatMap((client) => Array.from({ length: WARM_UP.creates }, () => client));
  const send = async () => {
    for (let client = calls.pop(); client; client = calls.pop()) await sendCreate(server, client);
  };
  await Promise.all(Array.from({ length: WARM_UP.atOnce }, send));
}

async function underAbuse(
  server: Server,
  index: number,
  client: Client,
  observeNow: () => Promise<Observation>,
): Promise<Observation> {
  const child = fork(abuser, [String(index)], {
    env: { ...process.env, BENCH_TARGET: JSON.stringify({ url: server.url, client }) },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const ended = once(child, 'exit');
  try {
    await once(child, 'message');
    child.send('start');
    return await observeNow();
  } finally {
    child.kill('SIGKILL');
    await ended;
  }
}

function toMarkdown(rows: readonly Row[], seconds: number): string {
  const ms = (value: number) => value.toFixed(1);
  const mb = (bytes: number) => (bytes / BYTES_PER_MB).toFixed(0);
  const pair = (quiet: number, abused: number) => `${ms(quiet)} → ${ms(abused)}`;
  const cells = ({ abuse, quiet, abused }: Row) => [
    abuse.name,
    pair(quiet.create.p50, abused.create.p50),
    pair(quiet.create.p99, abused.create.p99),
    (abused.create.p99 / quiet.create.p99).toFixed(1),
    pair(quiet.health.p99, abused.health.p99),
    String(abused.failed),
    `${mb(quiet.maxRssBytes)} → ${mb(abused.maxRssBytes)}`,
  ];
  const head = [
    '',
    'create p50, ms',
    'create p99, ms',
    'ratio of p99',
    '`/healthz` p99, ms',
    'failed',
    'memory, MB',
  ];
  const line = (parts: readonly string[]) => `| ${parts.join(' | ')} |`;
  return [
    `Node ${process.versions.node}, ${cpus().length} × ${cpus()[0]?.model.trim()}, shared by the gateway, PostgreSQL and the clients;`,
    `${seconds} s each, without → with the abuse.`,
    '',
    line(head),
    line(head.map((_, index) => (index === 0 ? '---' : '--:'))),
    ...rows.map((row) => line(cells(row))),
  ].join('\n');
}

async function main(): Promise<void> {
  const seconds = Number(options.seconds);
  await mkdir(folder, { recursive: true });
  const database = await startDatabase(folder);
  try {
    await fillTeam(database, Number(options.customers));
    const quietClients = await newClients(database, QUIET_CLIENTS);
    const warmUpClients = await newClients(database, WARM_UP.clients);
    const abusers = await newAbusers(database);
    const [gateway] = contenders(database, []);
    if (!gateway) throw new Error('There is no gateway');
    const { RATE_LIMIT_MAX: _raised, ...environment } = gateway.environment;
    const rows: Row[] = [];
    for (const [index, abuse] of abuses.entries()) {
      const client = abusers[index];
      if (!client || !abuse.name.includes(options.only)) continue;
      process.stderr.write(`${abuse.name}\n`);
      // A new process for each: its memory is that of one abuse.
      const nodeFlags = [...gateway.nodeFlags, HEAP];
      const server = await startServer({ ...gateway, nodeFlags, environment }, `${folder}/abuse.log`);
      try {
        const observeNow = () => observe(server, quietClients, seconds);
        await warmUp(server, warmUpClients);
        const quiet = await observeNow();
        rows.push({ abuse, quiet, abused: await underAbuse(server, index, client, observeNow) });
      } finally {
        await server.stop();
      }
    }
    const table = toMarkdown(rows, seconds);
    process.stdout.write(`${table}\n`);
    if (options.write) await writeSection('security.md', 'npm run bench:abuse -- --write', table);
  } finally {
    await database.stop();
  }
}

await main();
