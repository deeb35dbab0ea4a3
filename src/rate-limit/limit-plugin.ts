import { type ApolloServerPlugin } from '@apollo/server';
import { OperationTypeNode } from 'graphql';
import { type RateLimitContext } from './rate-limit-context.js';
import { rateLimitError } from './rate-limit-error.js';

/**
 * Refuses requests for which their client has no call left. A mutation answers with its `RateLimited` by itself; everything
 * else, also what is no valid document, is answered with the error and no data.
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
        // Without a field of ours it is the name of the mutation type alone.
        const outcomes = Object.values(result.data ?? {}).filter((value) => typeof value === 'object');
        if (outcomes.length > 0) return;
        response.body.singleResult = { errors: [rateLimitError(limit.tightest).toJSON()] };
        response.http.status = 200;
      },
    };
  },
};
