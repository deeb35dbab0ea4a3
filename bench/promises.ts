import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Contender } from './contenders.ts';
import { type BenchDatabase } from './database.ts';
import { gatewayOperations, newCustomer, NOTHING } from './operations.ts';
import { startServer } from './server.ts';
import { signedHeaders } from './signed-headers.ts';

/** Calls until the limit. A replay takes one too. */
const LIMIT = 4;
/** Two requests in one ms have the same signature. */
const APART_MS = 2;

/**
 * Checks that a contender keeps its documented promises: it validates, returns a conflict, accepts a signature once,
 * limits each client, and logs each request with its outcome.
 *
 * @throws unless it does.
 */
export async function expectPromises(
  { client }: BenchDatabase,
  contender: Contender,
  folder: string,
): Promise<void> {
  const limit = { RATE_LIMIT_MAX: String(LIMIT), BENCH_RATE_LIMIT: String(LIMIT) };
  const log = `${folder}/promises.log`;
  const server = await startServer(
    { ...contender, environment: { ...contender.environment, ...limit } },
    log,
  );
  const sign = async (body: string) => {
    await sleep(APART_MS);
    return signedHeaders(client, '/graphql', body);
  };
  const expectAnswer = async (body: string, headers: Record<string, string>, expected: string) => {
    const answer = await (await fetch(server.url, { method: 'POST', headers, body })).text();
    if (!answer.includes(`"${expected}"`)) {
      throw new Error(`${contender.name} should answer ${expected}: ${answer}`);
    }
  };
  try {
    const { query } = JSON.parse(gatewayOperations.create.body(NOTHING));
    const create = JSON.stringify({ query, variables: { input: newCustomer() } });
    const invalid = JSON.stringify({ query, variables: { input: { ...newCustomer(), email: 'none' } } });
    const headers = await sign(create);
    await expectAnswer(create, headers, 'Created');
    await expectAnswer(create, headers, 'UNAUTHENTICATED');
    await expectAnswer(create, await sign(create), 'Conflict');
    await expectAnswer(invalid, await sign(invalid), 'ValidationError');
    await expectAnswer(create, await sign(create), 'RateLimited');
  } finally {
    await server.stop();
  }
  const lines = await readFile(log, 'utf8');
  for (const outcome of ['Created', 'UNAUTHENTICATED', 'Conflict', 'ValidationError', 'RateLimited']) {
    if (!lines.includes(`"operation":"createCustomer","outcome":"${outcome}"`)) {
      throw new Error(`${contender.name} should log ${outcome}`);
    }
  }
}
