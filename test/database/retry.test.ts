import { expect, test } from 'vitest';
import pg from 'pg';
import { withRetries } from '../../src/database/retry.js';
import { Unavailable } from '../../src/errors/unavailable.js';

/** Fails each time with an error of this SQLSTATE. */
function failing(code: string) {
  let attempts = 0;
  return {
    attempts: () => attempts,
    run: () => {
      attempts += 1;
      const error = new pg.DatabaseError('failed', 0, 'error');
      return Promise.reject(Object.assign(error, { code }));
    },
  };
}

test('a statement that deadlocks every time is given up as unavailable, which callers see as 503', async () => {
  const { run, attempts } = failing('40P01');
  await expect(withRetries(run)).rejects.toBeInstanceOf(Unavailable);
  expect(attempts()).toBe(5);
});

test('any other error is thrown as it is, after one attempt', async () => {
  const { run, attempts } = failing('42703');
  await expect(withRetries(run)).rejects.toMatchObject({ code: '42703' });
  expect(attempts()).toBe(1);
});
