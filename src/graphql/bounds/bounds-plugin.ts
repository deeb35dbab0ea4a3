import { type ApolloServerPlugin } from '@apollo/server';
import { type Config } from '../../config/config.js';
import { type GatewayContext } from '../context.js';
import { errorCodes } from '../../errors/error-codes.js';
import { invalidVariables } from './invalid-variables.js';
import { QueryTooComplex } from './query-too-complex.js';
import { tooManyTokens } from './too-many-tokens.js';

/** Explains errors about variables, and sets the code of errors about bounds, which Apollo replaces with the code of its phase. */
export function boundsPlugin(
  bounds: Config['bounds'],
  hidesSchema: boolean,
): ApolloServerPlugin<GatewayContext> {
  return {
    async requestDidStart() {
      let isExecuted = false;
      return {
        async executionDidStart() {
          isExecuted = true;
        },
        async didEncounterErrors({ errors, request: { variables = {} }, schema, operation }) {
          for (const error of errors) {
            if (error.originalError instanceof QueryTooComplex) {
              Object.assign(error.extensions, { code: errorCodes.QUERY_TOO_COMPLEX });
              continue;
            }
            // Of the errors of an execution, only that of its variables is not the error of a field.
            const isOfVariables = isExecuted && operation && !error.path;
            const explained = isOfVariables
              ? invalidVariables(schema, operation, variables, hidesSchema)
              : tooManyTokens(error, bounds);
            if (!explained) continue;
            error.message = explained.message;
            Object.assign(error.extensions, explained.extensions);
          }
        },
      };
    },
  };
}
