import { GraphQLError } from 'graphql';
import pg from 'pg';
import { errorCodes } from '../../errors/error-codes.js';

/** PostgreSQL cancelled the statement: https://www.postgresql.org/docs/current/errcodes-appendix.html. */
const QUERY_CANCELED = '57014';

/** The statement of a list took longer than `DATABASE_LIST_TIMEOUT_MS`. The same request is likely to fail again. */
export class QueryTooSlow extends GraphQLError {
  constructor() {
    super(
      'The list took too long. Use a longer search or more filters, do not select totals, or use customersConnection.',
      { extensions: { code: errorCodes.QUERY_TOO_SLOW } },
    );
  }
}

/**
 * Waits for the statement of a list.
 *
 * @throws {QueryTooSlow} if PostgreSQL cancelled it at its deadline.
 */
export async function withinListTimeout<Result>(statement: Promise<Result>): Promise<Result> {
  try {
    return await statement;
  } catch (error) {
    if (error instanceof pg.DatabaseError && error.code === QUERY_CANCELED) throw new QueryTooSlow();
    throw error;
  }
}
