import { HeaderMap, type ApolloServerPlugin } from '@apollo/server';
import { unwrapResolverError } from '@apollo/server/errors';
import { type FastifyBaseLogger } from 'fastify';
import { type GraphQLError, type GraphQLFormattedError } from 'graphql';
import { asUnavailable, RETRY_AFTER_SECONDS } from '../errors/unavailable.js';
import { type GatewayContext } from './context.js';
import { errorCodes } from '../errors/error-codes.js';

/** All that a caller is told of what nobody expected. */
export function unexpectedError(requestId: string) {
  return {
    message: 'Internal server error.',
    extensions: { code: errorCodes.INTERNAL_SERVER_ERROR, requestId },
  };
}

/** All that a caller is told when something we depend on does not answer. Goes with {@link UNAVAILABLE_HTTP}. */
export function unavailableError(requestId: string) {
  return {
    message: 'The service is not available for the moment.',
    extensions: { code: errorCodes.SERVICE_UNAVAILABLE, requestId, retryAfterSeconds: RETRY_AFTER_SECONDS },
  };
}

/** 503 and when to come back (RFC 9110, 15.6.4 and 10.2.3). */
export const UNAVAILABLE_HTTP = {
  status: 503,
  headers: new HeaderMap([['retry-after', String(RETRY_AFTER_SECONDS)]]),
} as const;

/** Logs what nobody expected, once, and tells the caller nothing of it but the request id to ask about. */
export const unexpectedErrorsPlugin: ApolloServerPlugin<GatewayContext> = {
  async requestDidStart() {
    return {
      async didEncounterErrors({ errors, contextValue: { log } }) {
        for (const error of errors) record(error, log);
      },
      async willSendResponse({ response, contextValue: { requestId } }) {
        if (response.body.kind !== 'single') return;
        const result = response.body.singleResult;
        if (!result.errors) return;
        result.errors = result.errors.map((error) => {
          const told = whatIsTold(error, requestId);
          return told ? { ...told, ...(error.path && { path: error.path }) } : error;
        });
      },
    };
  },
};

function record(error: GraphQLError, log: FastifyBaseLogger): void {
  const code = error.extensions['code'];
  if (code !== undefined && code !== errorCodes.INTERNAL_SERVER_ERROR) return;
  // Parsing and validation give their codes later, and carry no original error.
  if (!error.originalError) return;
  const cause = unwrapResolverError(error);
  const outage = asUnavailable(cause);
  if (!outage) {
    log.error({ err: cause }, 'unexpected error');
    return;
  }
  log.warn({ err: outage }, 'unavailable');
  // Apollo makes the answer's code, status and headers of these.
  Object.assign(error.extensions, { code: errorCodes.SERVICE_UNAVAILABLE, http: UNAVAILABLE_HTTP });
}

/** What replaces an error in the answer, if it is not meant for callers. Apollo gives INTERNAL to whatever has no code. */
function whatIsTold({ extensions }: GraphQLFormattedError, requestId: string) {
  const code = extensions?.['code'];
  if (code === errorCodes.INTERNAL_SERVER_ERROR) return unexpectedError(requestId);
  if (code === errorCodes.SERVICE_UNAVAILABLE) return unavailableError(requestId);
  return undefined;
}
