import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { issueClient, issueToken } from '../dist/src/auth/issue-credentials.js';
import { createTeam } from '../dist/src/teams/teams.js';
import { SecretBox } from '../dist/src/auth/secret-box.js';
import { startEmbeddedPostgres } from '../dist/src/database/embedded-postgres.js';
import { migrate } from '../dist/src/orm/migrate.js';
import { openOrm } from '../dist/src/orm/orm.js';
import { type Client } from './operations.ts';

const SECRETS_KEY_BYTES = 32;

/** The PostgreSQL that every server writes to, with its default, durable settings. */
export interface BenchDatabase {
  readonly url: string;
  /** The gateway's key for client secrets, as its configuration takes it. */
  readonly secretsKey: string;
  readonly client: Client;
  query<Row extends pg.QueryResultRow>(text: string, values?: unknown[]): Promise<Row[]>;
  stop(): Promise<void>;
}

/** Starts PostgreSQL in `folder`, migrates and empties it, and issues a client. */
export async function startDatabase(folder: string): Promise<BenchDatabase> {
  const server = await startEmbeddedPostgres(folder);
  const orm = await openOrm(server.url);
  await migrate(server.url);
  // The secrets of an earlier run have a key that is gone.
  await orm.em.getConnection().execute('truncate api_client, team, customer_event cascade');
  const key = randomBytes(SECRETS_KEY_BYTES);
  const teamId = await createTeam(orm, 'Bench');
  const client = await issueClient(orm, new SecretBox([key]), 'Bench');
  const { token } = await issueToken(orm, { clientId: client.clientId, teamId, days: 1 });
  await orm.close();

  const pool = new pg.Pool({ connectionString: server.url, max: 1 });
  return {
    url: server.url,
    secretsKey: key.toString('base64'),
    client: { ...client, token, teamId },
    query: async (text, values) => (await pool.query(text, values)).rows,
    async stop() {
      await pool.end();
      await server.stop();
    },
  };
}

/** What the tables hold now. */
export async function countCustomers(
  database: BenchDatabase,
): Promise<{ customers: number; contacts: number }> {
  const [counts] = await database.query<{ customers: number; contacts: number }>(
    `select (select count(*)::int from customer) as customers, (select count(*)::int from contact) as contacts`,
  );
  if (!counts) throw new Error('PostgreSQL counted nothing');
  return counts;
}
