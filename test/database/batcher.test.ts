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

test('two calls have statements of their own; the others wait and share the next', async () => {
  const { batcher, calls, endFirst } = heldStatements();
  const results = ['a', 'b', 'c', 'missing'].map((call) => batcher.run(call));
  expect(calls()).toEqual([['a'], ['b']]);
  await endFirst();
  expect(calls()).toEqual([['a'], ['b'], ['c', 'missing']]);
  await endFirst();
  await endFirst();
  expect(await Promise.all(results)).toEqual(['a alone', 'b alone', 'c', null]);
});

test('a call that a shared statement has no result for is executed alone', async () => {
  const { batcher, calls, endFirst } = heldStatements();
  const results = ['a', 'b', 'unclear', 'c'].map((call) => batcher.run(call));
  for (let count = 0; count < 4; count += 1) await endFirst();
  expect(calls()).toEqual([['a'], ['b'], ['unclear', 'c'], ['unclear']]);
  expect(await Promise.all(results)).toEqual(['a alone', 'b alone', 'unclear alone', 'c']);
});

test('nobody waits for a statement that takes long', async () => {
  const { batcher, calls } = heldStatements({ lateMs: 1 });
  const results = ['a', 'b', 'c', 'd'].map((call) => batcher.run(call));
  await eventually('the others start', () => calls().length === 3);
  expect(calls()).toEqual([['a'], ['b'], ['c', 'd']]);
  expect(results).toHaveLength(4);
});

test('a client with a thousand calls delays the call of another by one statement, and waits in order', async () => {
  const { batcher, started, endFirst } = heldStatements();
  const greedy = Array.from({ length: 1_002 }, (_, index) =>
    onBehalfOf('greedy', () => batcher.run(String(index))),
  );
  const modest = onBehalfOf('modest', () => batcher.run('modest'));
  await endFirst();
  const shared = started[2];
  expect(shared?.calls.slice(0, 4)).toEqual(['2', 'modest', '3', '4']);
  expect(shared?.calls).toHaveLength(64);
  // A statement that is shared is of no client's share of the connections; one that is not, is.
  expect(started.map(({ client }) => client)).toEqual(['greedy', 'greedy', undefined]);
  await endFirst();
  await endFirst();
  expect(await modest).toBe('modest');
  expect(await greedy[2]).toBe('2');
});

test('at most a thousand calls of a client wait', async () => {
  const { batcher } = heldStatements();
  const send = () => onBehalfOf('greedy', () => batcher.run('x'));
  for (let count = 0; count < 1_002; count += 1) void send();
  await expect(send()).rejects.toMatchObject({ code: 'POOL_EXHAUSTED' });
});

test('large calls do not share a statement with many others', async () => {
  const { batcher, calls, endFirst } = heldStatements({
    sizes: new Map([
      ['large 1', 600_000],
      ['large 2', 600_000],
    ]),
  });
  for (const call of ['a', 'b', 'large 1', 'c', 'large 2', 'd']) void batcher.run(call);
  await endFirst();
  await endFirst();
  expect(calls().slice(2)).toEqual([
    ['large 1', 'c'],
    ['large 2', 'd'],
  ]);
});

test.each([
  ['a constraint', '23514'],
  ['a lock that is not free', '55P03'],
  ['a deadlock', '40P01'],
])('after %s each call of a shared statement is executed alone, in its own context', async (_case, code) => {
  const { batcher, started, endFirst } = heldStatements();
  const settled = Promise.allSettled(
    ['a', 'b', 'c', 'd'].map((call) => onBehalfOf(`client of ${call}`, () => batcher.run(call))),
  );
  await endFirst();
  await endFirst();
  await endFirst(databaseError(code));
  expect(started.slice(3)).toEqual([
    { calls: ['c'], client: 'client of c' },
    { calls: ['d'], client: 'client of d' },
  ]);
  await endFirst(databaseError(code));
  await endFirst();
  expect((await settled).slice(2)).toMatchObject([
    { status: 'rejected', reason: { code } },
    { status: 'fulfilled', value: 'd alone' },
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
  const settled = Promise.allSettled(['a', 'b', 'c', 'd'].map((call) => batcher.run(call)));
  await endFirst();
  await endFirst();
  await endFirst(error);
  expect(calls()).toHaveLength(3);
  expect((await settled).map(({ status }) => status)).toEqual([
    'fulfilled',
    'fulfilled',
    'rejected',
    'rejected',
  ]);
});
