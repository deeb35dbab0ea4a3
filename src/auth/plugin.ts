import { type ApolloServerPlugin } from '@apollo/server';
import { type GatewayContext } from '../graphql/context.js';
import { unauthenticated } from './refusal.js';

/**
 * Apollo's part of authentication: no document is parsed unless its caller is known, whatever transport brought it.
 * The HTTP route finds the caller out over the raw bytes (`src/http/graphql-route.ts`) and hands it on here.
 */
export const authenticationPlugin: ApolloServerPlugin<GatewayContext> = {
  async requestDidStart() {
    return {
      async didResolveSource({ contextValue }) {
        if ('refusal' in contextValue.authentication) throw unauthenticated(contextValue.authentication.refusal);
      },
    };
  },
};
