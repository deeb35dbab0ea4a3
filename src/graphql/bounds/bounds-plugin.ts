import { type ApolloServerPlugin } from '@apollo/server';
import { type Config } from '../../config/config.js';
import { type GatewayContext } from '../context.js';
import { errorCodes } from '../../errors/error-codes.js';
import { checkVariables } from './check-variables.js';
import { QueryTooComplex } from './query-too-complex.js';
import { tooManyTokens } from './too-many-tokens.js';

/**
 * Checks the variables, and sets the code of errors about bounds, which Apollo replaces with the code of its phase.
 */
export function boundsPlugin(
  bounds: Config['bounds'],
  hidesSchema: boolean,
): ApolloServerPlugin<GatewayContext> {
  return {
    async requestDidStart() {
      return {
        async didResolveOperation({ request: { variables = {} }, schema, operation }) {
          if (operation) checkVariables(schema, operation, variables, hidesSchema);
        },
        async didEncounterErrors({ errors }) {
          for (const error of errors) {
            if (error.originalError instanceof QueryTooComplex) {
              Object.assign(error.extensions, { code: errorCodes.QUERY_TOO_COMPLEX });
              continue;
            }
            const tooMany = tooManyTokens(error, bounds);
            if (!tooMany) continue;
            error.message = tooMany.message;
            Object.assign(error.extensions, tooMany.extensions);
          }
        },
      };
    },
  };
}
