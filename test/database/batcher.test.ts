import { AsyncLocalStorage } from 'node:async_hooks';
import pg from 'pg';
import { expect, test } from 'vitest';
import { Batcher } from '../../src/database/batcher.js';
import { GivenUp } from '../../src/database/given-up.js';
import { clientOfStatement, onBehalfOf } from '../../src/database/statement-client.js';
import { eventually } from '../support/eventually.js';

/** Statements that stay in progress until the test ends them. */
function heldStatements({ sizes = new Map<string, number>(), lateMs = 60_000 } = {}) {
  const sizeOf = (call: string) => sizes.get(call) ?? 1;
  const started: { readonly calls: readonly string[]; readonly client: string | undefined }[] = [];
  const running: { readonly end: () => void; readonly fail: (error: Error) => void }[] = [];
  const run = <Result>(calls: readonly string[], result: Result) => {
    started.push({ calls, client: clientOfStatement() });
    return new Promise<Result>((resolve, reject) => {
      running.push({ end: () => resolve(result), fail: reject });
    });
  };
  const alone = (call: string) => run([call], `${call} alone`);
  const together = (calls: readonly string[]) =>
    run(
      calls,
      calls.map((call) => (call === 'missing' ? null : call === 'unclear' ? undefined : call)),
    );
  const batcher = new Batcher<string, string | null>({ alone, together, sizeOf }, lateMs);
  return {
    batcher,
    started,
    running,
    calls: () => started.map(({ calls }) => calls),
    /** Ends the statement that started first. */
    endFirst: async (how: 'end' | Error = 'end') => {
      const statement = running.shift();
      if (how === 'end') statement?.end();
      else statement?.fail(how);
      await new Promise(setImmediate);
    },
  };
}

const databaseError = (code: string) => Object.assign(new pg.DatabaseError('', 0, 'error'), { code });

test('a call has a statement of its own; those that come meanwhile wait for its end and share the next', async () => {
  const { batcher, calls, endFirst } = heldStatements();
  const results = ['a', 'b', 'missing'].map((call) => batcher.run(call));
  expect(calls()).toEqual([['a']]);
  await endFirst();
  expect(calls()).toEqual([['a'], ['b', 'missing']]);
  results.push(batcher.run('c'));
  await endFirst();
  expect(calls()).toEqual([['a'], ['b', 'missing'], ['c']]);
  await endFirst();
  expect(await Promise.all(results)).toEqual(['a alone', 'b', null, 'c alone']);
});

test('a shared statement runs as a part of the first call that it executes', async () => {
  const request = new AsyncLocalStorage<string>();
  const requests: (string | undefined)[] = [];
  const { promise: end, resolve } = Promise.withResolvers<void>();
  const run = async <Result>(result: Result) => {
    requests.push(request.getStore());
    await end;
    return result;
  };
  const batcher = new Batcher<string, string>(
    { alone: run, together: (calls) => run(calls), sizeOf: () => 1 },
    60_000,
  );
  const calls = ['a', 'b', 'c'].map((call) => request.run(`request of ${call}`, () => batcher.run(call)));
  resolve();
  await Promise.all(calls);
  expect(requests).toEqual(['request of a', 'request of b']);
});

test('a call that a shared statement has no result for is executed alone', async () => {
  const { batcher, calls, endFirst } = heldStatements();
  const results = ['a', 'unclear', 'b'].map((call) => batcher.run(call));
  for (let count = 0; count < 3; count += 1) await endFirst();
  expect(calls()).toEqual([['a'], ['unclear', 'b'], ['unclear']]);
  expect(await Promise.all(results)).toEqual(['a alone', 'unclear alone', 'b']);
});

test('calls do not wait for a statement that takes long', async () => {
  const { batcher, calls } = heldStatements({ lateMs: 1 });
  for (const call of ['a', 'b', 'c']) void batcher.run(call);
  await eventually('the others start', () => calls().length === 2);
  expect(calls()).toEqual([['a'], ['b', 'c']]);
});

test('a client with a thousand calls delays the call of another by one statement, and waits in order', async () => {
  const { batcher, started, endFirst } = heldStatements();
  const greedy = Array.from({ length: 1_001 }, (_, index) =>
    onBehalfOf('greedy', () => batcher.run(String(index))),
  );
  const modest = onBehalfOf('modest', () => batcher.run('modest'));
  await endFirst();
  const shared = started[1];
  expect(shared?.calls.slice(0, 4)).toEqual(['1', 'modest', '2', '3']);
  expect(shared?.calls).toHaveLength(64);
  // A statement that is shared is of no client's share of the connections; one that is not, is.
  expect(started.map(({ client }) => client)).toEqual(['greedy', undefined]);
  await endFirst();
  expect(await modest).toBe('modest');
  expect(await greedy[1]).toBe('1');
});

test('at most a thousand calls of a client wait', async () => {
  const { batcher } = heldStatements();
  const send = () => onBehalfOf('greedy', () => batcher.run('x'));
  for (let count = 0; count < 1_001; count += 1) void send();
  await expect(send()).rejects.toMatchObject({ code: 'POOL_EXHAUSTED' });
});

test('large calls do not share a statement with many others', async () => {
  const { batcher, calls, endFirst } = heldStatements({
    sizes: new Map([
      ['large 1', 200_000],
      ['large 2', 200_000],
    ]),
  });
  for (const call of ['a', 'large 1', 'b', 'large 2', 'c']) void batcher.run(call);
  await endFirst();
  await endFirst();
  expect(calls().slice(1)).toEqual([
    ['large 1', 'b'],
    ['large 2', 'c'],
  ]);
});

test.each([
  ['a constraint', '23514'],
  ['a lock that is not free', '55P03'],
  ['a deadlock', '40P01'],
])('after %s each call of a shared statement is executed alone, in its own context', async (_case, code) => {
  const { batcher, started, endFirst } = heldStatements();
  const settled = Promise.allSettled(
    ['a', 'b', 'c'].map((call) => onBehalfOf(`client of ${call}`, () => batcher.run(call))),
  );
  await endFirst();
  await endFirst(databaseError(code));
  expect(started.slice(2)).toEqual([
    { calls: ['b'], client: 'client of b' },
    { calls: ['c'], client: 'client of c' },
  ]);
  await endFirst(databaseError(code));
  await endFirst();
  expect((await settled).slice(1)).toMatchObject([
    { status: 'rejected', reason: { code } },
    { status: 'fulfilled', value: 'c alone' },
  ]);
});

test.each([
  ['the server ends', databaseError('57P01')],
  ['the statement is cancelled', databaseError('57014')],
  ['no connection is free', new GivenUp('POOL_EXHAUSTED', '')],
  ['the statement is wrong', databaseError('42703')],
  ['the connection breaks', new Error('Connection terminated unexpectedly')],
])('when %s, every call of a shared statement fails, and none is executed again', async (_case, error) => {
  const { batcher, calls, endFirst } = heldStatements();
  const settled = Promise.allSettled(['a', 'b', 'c'].map((call) => batcher.run(call)));
  await endFirst();
  await endFirst(error);
  expect(calls()).toHaveLength(2);
  expect((await settled).map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected']);
});
