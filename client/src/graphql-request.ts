import { GraphQLClient } from 'graphql-request';
import { createSignedFetch, type CredentialsSource, type SignedFetchOptions } from './signed-fetch.js';

/**
 * Creates a graphql-request client. For other options, create one with {@link createSignedFetch} as its `fetch`.
 *
 * @param url - URL of the gateway's GraphQL endpoint.
 */
export function createSignedGraphQLClient(
  url: string,
  credentials: CredentialsSource,
  options?: SignedFetchOptions,
): GraphQLClient {
  return new GraphQLClient(url, { fetch: createSignedFetch(credentials, options) });
}
