import { setTimeout as sleep } from 'node:timers/promises';

const INTERVAL_MS = 20;
const DEADLINE_MS = 15_000;

/** Asks again and again until there is an answer. @throws when there is none in time. */
export async function poll<Result>(
  ask: () => Result | undefined | Promise<Result | undefined>,
): Promise<Result> {
  const deadline = Date.now() + DEADLINE_MS;
  for (;;) {
    const result = await ask();
    if (result !== undefined) return result;
    if (Date.now() > deadline) throw new Error(`Nothing within ${DEADLINE_MS} ms`);
    await sleep(INTERVAL_MS);
  }
}
