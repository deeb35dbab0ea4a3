import { type MikroORM } from '@mikro-orm/postgresql';
import { beforeAll, expect, test } from 'vitest';
import { BATCH } from '../../../src/customers/events/remove-expired-events.statement.js';
import { removeExpiredEvents } from '../../../src/customers/events/remove-expired-events.js';
import { openOrm } from '../../../src/orm/orm.js';
import { migratedDatabase, query } from '../../support/database.js';
import { eventually } from '../../support/eventually.js';
import { startTestGateway } from '../../support/gateway.js';
import { sharedResources } from '../../support/resources.js';

let databaseUrl: string;
let orm: MikroORM;

const resources = sharedResources();
beforeAll(async () => {
  databaseUrl = await migratedDatabase();
  orm = resources.adopt(await openOrm(databaseUrl), (it) => it.close());
});

const DAYS = 90;

/** Stores events of a new team, one for each age in days, the oldest first. @returns the team. */
async function storeEvents(ages: readonly number[]): Promise<string> {
  const teamId = crypto.randomUUID();
  await query(
    databaseUrl,
    `insert into customer_event (id, team_id, customer_id, type, version, transaction, occurred_at, customer, command)
     select overlay(gen_random_uuid()::text placing
         regexp_replace(lpad(to_hex(floor(extract(epoch from time) * 1000)::bigint), 12, '0'), '(.{8})', '\\1-') from 1 for 13)::uuid,
       $1, gen_random_uuid(), 'CREATED', 1, place, time, '{}', 'test'
     from (
       select place, now() - make_interval(secs => age * 86400) as time
       from unnest($2::float8[]) with ordinality as ages (age, place)
     ) as aged`,
    [teamId, ages],
  );
  return teamId;
}

/** The ages of a team's events, in days. */
async function agesOf(teamId: string): Promise<number[]> {
  const rows = await query<{ age: number }>(
    databaseUrl,
    `select round(extract(epoch from now() - occurred_at) / 86400)::int as age
     from customer_event where team_id = $1 order by transaction`,
    [teamId],
  );
  return rows.map(({ age }) => age);
}

test('events older than the retention are removed, and the last one of each team stays', async () => {
  const active = await storeEvents([200, 91, 89, 1]);
  const quiet = await storeEvents([300, 200, 100]);
  await removeExpiredEvents(orm, DAYS);
  expect(await agesOf(active)).toEqual([89, 1]);
  expect(await agesOf(quiet)).toEqual([100]);
});

test('more events than one batch are removed, by two gateways at once', async () => {
  const teamId = await storeEvents([...Array.from({ length: 3 * BATCH }, () => 100), 1]);
  await Promise.all([removeExpiredEvents(orm, DAYS), removeExpiredEvents(orm, DAYS)]);
  await removeExpiredEvents(orm, DAYS);
  expect(await agesOf(teamId)).toEqual([1]);
});

test('with a stop signal, it ends after one batch', async () => {
  const teamId = await storeEvents([...Array.from({ length: 2 * BATCH }, () => 100), 1]);
  await removeExpiredEvents(orm, DAYS, AbortSignal.abort());
  expect(await agesOf(teamId)).toHaveLength(BATCH + 1);
});

test('a gateway removes them by itself, with the retention of its configuration', async () => {
  const teamId = await storeEvents([40, 20, 1]);
  const config = { databaseUrl, eventRetentionDays: 30 };
  resources.adopt(await startTestGateway(config, 0), (it) => it.close());
  await eventually('the event is removed', async () => (await agesOf(teamId)).length < 3);
  expect(await agesOf(teamId)).toEqual([20, 1]);
});
