import { type ApolloServerPlugin } from '@apollo/server';
import { unwrapResolverError } from '@apollo/server/errors';
import { type GraphQLFormattedError } from 'graphql';
import { type GatewayContext } from './context.js';
import { errorCodes } from './error-codes.js';

/** Whether an error is ours to mend, rather than the caller's. Apollo gives this code to whatever has none. */
function isUnexpected(error: GraphQLFormattedError): boolean {
  return error.extensions?.['code'] === errorCodes.INTERNAL_SERVER_ERROR;
}

/** All that a caller is told of what nobody expected. */
export function unexpectedError(requestId: string) {
  return {
    message: 'Internal server error.',
    extensions: { code: errorCodes.INTERNAL_SERVER_ERROR, requestId },
  };
}

/** Logs what nobody expected, once, and tells the caller nothing of it but the request id to ask about. */
export const unexpectedErrorsPlugin: ApolloServerPlugin<GatewayContext> = {
  async requestDidStart() {
    return {
      async didEncounterErrors({ errors, contextValue: { log, requestId } }) {
        for (const error of errors) {
          const code = error.extensions['code'];
          if (code !== undefined && code !== errorCodes.INTERNAL_SERVER_ERROR) continue;
          // Parsing and validation give their codes later, and carry no original error.
          if (error.originalError)
            log.error({ err: unwrapResolverError(error), requestId }, 'unexpected error');
        }
      },
      async willSendResponse({ response, contextValue: { requestId } }) {
        if (response.body.kind !== 'single') return;
        const result = response.body.singleResult;
        if (!result.errors?.some(isUnexpected)) return;
        result.errors = result.errors.map((error) =>
          isUnexpected(error)
            ? { ...unexpectedError(requestId), ...(error.path && { path: error.path }) }
            : error,
        );
      },
    };
  },
};
