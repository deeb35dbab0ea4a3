import { type Config } from '../../config/config.js';
import { errorCodes } from '../../errors/error-codes.js';

// The message of graphql-js (`maxTokens` of its parser). The error has no code.
const TOO_MANY_TOKENS = /Document contains more tha[nt] \d+ tokens/;

/** The message and the extensions of an error of the parser that stopped at the limit of tokens. @returns undefined for another error. */
export function tooManyTokens({ message }: Error, { tokens }: Pick<Config['bounds'], 'tokens'>) {
  if (!TOO_MANY_TOKENS.test(message)) return undefined;
  return {
    message: `The document has too many tokens; at most ${tokens} are allowed.`,
    extensions: { code: errorCodes.QUERY_TOO_COMPLEX, bound: 'tokens', limit: tokens },
  };
}
