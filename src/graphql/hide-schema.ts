import { type GraphQLFormattedError } from 'graphql';

/**
 * An error without the names that graphql-js proposes in place of an unknown one. Its `hideSuggestions` does that when
 * documents are validated; Apollo does not hand it on to where variables are read.
 */
export function withoutSuggestion(error: GraphQLFormattedError): GraphQLFormattedError {
  const { message } = error;
  // Callers' own text stands before it, so it is looked for from the end, and without a pattern that could be made slow.
  const at = message.lastIndexOf(' Did you mean ');
  return at === -1 || !message.endsWith('?') ? error : { ...error, message: message.slice(0, at) };
}
