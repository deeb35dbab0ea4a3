import { type ApolloServerPlugin } from '@apollo/server';
import { type AuthContext, callerOf } from './auth-context.js';

/**
 * Apollo's part of authentication: no document is parsed unless its caller is known, whatever transport brought it.
 * The HTTP part (`src/http/graphql-route.ts`) finds the caller out over the raw bytes, answers 401 itself and hands
 * known callers on here. It must, for Apollo has no hook before parsing whose error becomes more than a 500: this
 * plugin fails closed.
 */
export const authenticationPlugin: ApolloServerPlugin<AuthContext> = {
  async requestDidStart() {
    return {
      async didResolveSource({ contextValue }) {
        callerOf(contextValue);
      },
    };
  },
};
