import { GraphQLClient } from 'graphql-request';
import { createSignedFetch, type CredentialsSource, type SignedFetchOptions } from './signed-fetch.js';

/**
 * Makes a client of graphql-request. Whoever wants more of it makes one with {@link createSignedFetch} for its `fetch`.
 *
 * @param url - where the gateway takes operations.
 */
export function createSignedGraphQLClient(
  url: string,
  credentials: CredentialsSource,
  options?: SignedFetchOptions,
): GraphQLClient {
  return new GraphQLClient(url, { fetch: createSignedFetch(credentials, options) });
}
