import { describe, expect, test } from 'vitest';
import { ConnectionException } from '@mikro-orm/postgresql';
import pg from 'pg';
import { isDatabaseOutage } from '../../src/errors/database-outage.js';
import { asUnavailable } from '../../src/errors/unavailable.js';

/** What PostgreSQL says. */
const said = (sqlState: string) =>
  Object.assign(new pg.DatabaseError('said', 0, 'error'), { code: sqlState });

/** What Node says. */
const failed = (code: string) => Object.assign(new Error('failed'), { code });

describe('an outage of the database', () => {
  test.each(['08006', '53300', '57P01', '57P02', '57P03', '57014', '25P03', '25006'])(
    'is what PostgreSQL says by %s',
    (sqlState) => {
      expect(isDatabaseOutage(said(sqlState))).toBe(true);
    },
  );

  test.each(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'EAI_AGAIN', 'POOL_EXHAUSTED'])(
    'is what fails by %s',
    (code) => {
      expect(isDatabaseOutage(failed(code))).toBe(true);
    },
  );

  test('is found in the errors that wrap it', () => {
    expect(isDatabaseOutage(new ConnectionException(said('57P01')))).toBe(true);
    expect(isDatabaseOutage(new Error('outer', { cause: failed('ECONNRESET') }))).toBe(true);
  });

  test('becomes an error for callers, with the cause for the log', () => {
    const cause = said('57P03');
    expect(asUnavailable(cause)).toMatchObject({ dependency: 'database', cause });
  });
});

describe('no outage', () => {
  test.each(['23505', '40P01', '42P01', '22001', '28P01'])('is what PostgreSQL says by %s', (sqlState) => {
    expect(isDatabaseOutage(said(sqlState))).toBe(false);
  });

  test.each([undefined, null, 'Connection terminated', new Error('else'), failed('ERR_ASSERTION')])(
    'is %p',
    (error) => {
      expect(isDatabaseOutage(error)).toBe(false);
    },
  );
});
