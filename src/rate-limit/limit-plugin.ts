import { type ApolloServerPlugin } from '@apollo/server';
import { OperationTypeNode } from 'graphql';
import { type RateLimitContext } from './rate-limit-context.js';
import { rateLimitError } from './rate-limit-error.js';

/**
 * Rejects requests of a client that is over its limit. A mutation returns its own `RateLimited`. Every other request, including
 * one with an invalid document, gets the error without data.
 */
export const limitPlugin: ApolloServerPlugin<RateLimitContext> = {
  async requestDidStart() {
    return {
      async didResolveOperation({ operation, contextValue: { limit } }) {
        if (!limit.isRefused || operation?.operation === OperationTypeNode.MUTATION) return;
        throw rateLimitError(limit.tightest);
      },
      async willSendResponse({ response, contextValue: { limit } }) {
        if (!limit.isRefused || response.body.kind !== 'single') return;
        const result = response.body.singleResult;
        // A selection without fields of the schema is the type name only.
        const outcomes = Object.values(result.data ?? {}).filter((value) => typeof value === 'object');
        if (outcomes.length > 0) return;
        response.body.singleResult = { errors: [rateLimitError(limit.tightest).toJSON()] };
        response.http.status = 200;
      },
    };
  },
};
