import { randomBytes } from 'node:crypto';
import { query } from './database.js';

/** A role that may connect to a database and nothing else. @returns its name and its URL of the database. */
export async function createRole(databaseUrl: string): Promise<{ name: string; url: string }> {
  const name = `role_${randomBytes(8).toString('hex')}`;
  await query(databaseUrl, `create role ${name} login password 'hunter2'`);
  const url = new URL(databaseUrl);
  url.username = name;
  url.password = 'hunter2';
  return { name, url: url.href };
}
