import { type ApolloServerPlugin } from '@apollo/server';
import { type AuthContext, callerOf } from './auth-context.js';

/**
 * Rejects an unauthenticated request before its document is parsed, as a safeguard for every transport. The HTTP route
 * (`src/http/graphql-route.ts`) authenticates the raw bytes and returns 401 itself, because an error of an Apollo hook before
 * parsing becomes a 500.
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
