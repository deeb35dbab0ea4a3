import { randomUUID } from 'node:crypto';
import { type BenchDatabase } from '../database.ts';

/** Customers whose notes and metadata are as large as they may be, of characters of four bytes. */
const HEAVY = 100;

/**
 * Fills the bench's team with customers of whom one in twenty has a name that begins with "stone", and a hundred that are as
 * large as they may be and come first by name.
 */
export async function fillTeam(database: BenchDatabase, count: number): Promise<void> {
  await database.query('truncate customer, contact');
  const { teamId } = database.client;
  await database.query(
    `insert into customer (id, team_id, name, name_key, email, email_key, search_text)
     select uuidv7(), $1, name, lower(name), email, email, concat_ws(chr(31), lower(name), email, '', '')
     from generate_series(1, $3::int) as n, lateral (
       select case when n % 20 = 0 then 'Stone ' else 'Harbour ' end || n as name, $2 || n || '@customer.example' as email
     ) as written`,
    [teamId, randomUUID(), count],
  );
  await database.query(
    `insert into customer (id, team_id, name, name_key, email, email_key, search_text, notes, metadata)
     select uuidv7(), $1, 'A ' || n, 'a ' || n, $2 || n || '@heavy.example', $2 || n || '@heavy.example', 'a ' || n, repeat('🦊', 5000),
       (select jsonb_object_agg('key' || k, repeat('🦊', 500)) from generate_series(1, 50) as k)
     from generate_series(1, $3::int) as n`,
    [teamId, randomUUID(), HEAVY],
  );
  await database.query('vacuum analyze customer, contact');
  await database.query('checkpoint');
}
