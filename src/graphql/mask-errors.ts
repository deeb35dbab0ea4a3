import { type ApolloServerPlugin } from '@apollo/server';
import { unwrapResolverError } from '@apollo/server/errors';
import { type FastifyBaseLogger } from 'fastify';
import { type GraphQLError, type GraphQLFormattedError } from 'graphql';
import { errorCodes } from '../errors/error-codes.js';
import { UNAVAILABLE_HTTP, unavailableError, unexpectedError } from '../errors/internal-error.js';
import { type FindOutage } from '../errors/unavailable.js';
import { type RecordContext } from '../observability/record-context.js';

/** Logs unexpected errors, once, and replaces them in the response by one that has the request ID alone. */
export const maskErrorsPlugin = (findOutage: FindOutage): ApolloServerPlugin<RecordContext> => ({
  async requestDidStart() {
    return {
      async didEncounterErrors({ errors, contextValue: { log } }) {
        await Promise.all(errors.map((error) => logUnexpected(error, log, findOutage)));
      },
      async willSendResponse({ response, contextValue: { requestId } }) {
        if (response.body.kind !== 'single') return;
        const result = response.body.singleResult;
        if (!result.errors) return;
        result.errors = result.errors.map((error) => {
          const mask = maskFor(error, requestId);
          return mask ? { ...mask, ...(error.path && { path: error.path }) } : error;
        });
      },
    };
  },
});

async function logUnexpected(
  error: GraphQLError,
  log: FastifyBaseLogger,
  findOutage: FindOutage,
): Promise<void> {
  const code = error.extensions['code'];
  if (code !== undefined && code !== errorCodes.INTERNAL_SERVER_ERROR) return;
  // Errors of parsing and validation get their codes later, and have no original error.
  if (!error.originalError) return;
  const cause = unwrapResolverError(error);
  const outage = await findOutage(cause);
  if (!outage) {
    log.error({ err: cause }, 'unexpected error');
    return;
  }
  log.warn({ err: outage }, 'unavailable');
  // Apollo takes the code, status and headers of the response from these.
  Object.assign(error.extensions, { code: errorCodes.SERVICE_UNAVAILABLE, http: UNAVAILABLE_HTTP });
}

/** The replacement of an error that callers must not see. Apollo gives the code INTERNAL_SERVER_ERROR to errors without one. */
function maskFor({ extensions }: GraphQLFormattedError, requestId: string) {
  const code = extensions?.['code'];
  if (code === errorCodes.INTERNAL_SERVER_ERROR) return unexpectedError(requestId);
  if (code === errorCodes.SERVICE_UNAVAILABLE) return unavailableError(requestId);
  return undefined;
}
