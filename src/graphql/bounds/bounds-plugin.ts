import { type ApolloServerPlugin } from '@apollo/server';
import { type Config } from '../../config/config.js';
import { type GatewayContext } from '../context.js';
import { errorCodes } from '../../errors/error-codes.js';
import { checkVariables } from './check-variables.js';
import { QueryTooComplex } from './query-too-complex.js';

// The message of graphql-js (`maxTokens` of its parser). The error has no code.
const TOO_MANY_TOKENS = /Document contains more tha[nt] \d+ tokens/;

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
            } else if (TOO_MANY_TOKENS.test(error.message)) {
              error.message = `The document has too many tokens; at most ${bounds.tokens} are allowed.`;
              Object.assign(error.extensions, {
                code: errorCodes.QUERY_TOO_COMPLEX,
                bound: 'tokens',
                limit: bounds.tokens,
              });
            }
          }
        },
      };
    },
  };
}
