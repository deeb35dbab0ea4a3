import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { median } from '../median.ts';

/** A simulated network between servers and PostgreSQL. */
export interface Network {
  /** The database's address by way of it. */
  readonly url: string;
  /** Measured round trips: without the network, and through it. */
  readonly trips: RoundTrips;
  stop(): void;
}

export interface RoundTrips {
  readonly directMs: number;
  readonly delayedMs: number;
}

/** What the network is to add to a round trip. */
const ADDED_MS = 1;

const SETTLING_STEPS = 4;
const WARM_UP = 100;
const TRIPS = 400;

/**
 * Starts the network in a process of its own, so that its work is not that of a server. Half of the delay is on the way there.
 * Passing bytes on takes time as well, more on one machine than on another, so the delay is set by a measurement.
 */
export async function startNetwork(databaseUrl: string): Promise<Network> {
  const child = fork(fileURLToPath(new URL('proxy.ts', import.meta.url)), {
    env: { PATH: process.env['PATH'], DATABASE_URL: databaseUrl },
  });
  const [message] = await once(child, 'message');
  const url = String(message);
  const directMs = await roundTripMs(databaseUrl);
  let delayMs = ADDED_MS / 2;
  for (let step = 0; step < SETTLING_STEPS; step += 1) {
    child.send(delayMs);
    const added = (await roundTripMs(url)) - directMs;
    delayMs = Math.max(0, delayMs + (ADDED_MS - added) / 2);
  }
  child.send(delayMs);
  return { url, trips: { directMs, delayedMs: await roundTripMs(url) }, stop: () => child.kill() };
}

/** The median of many `select 1`, one after another. */
async function roundTripMs(connectionString: string): Promise<number> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  const times: number[] = [];
  for (let trip = 0; trip < WARM_UP + TRIPS; trip += 1) {
    const before = performance.now();
    await client.query('select 1');
    times.push(performance.now() - before);
  }
  await client.end();
  return median(times.slice(WARM_UP));
}
