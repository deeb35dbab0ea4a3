import { HttpLink } from '@apollo/client/link/http';
import { createSignedFetch, type CredentialsSource, type SignedFetchOptions } from './signed-fetch.js';

/**
 * Makes the terminating link of an Apollo Client: `new ApolloClient({ link, cache })`. Whoever wants more of `HttpLink` makes
 * one with {@link createSignedFetch} for its `fetch`.
 *
 * @param uri - where the gateway takes operations.
 */
export function createSignedHttpLink(
  uri: string,
  credentials: CredentialsSource,
  options?: SignedFetchOptions,
): HttpLink {
  return new HttpLink({ uri, fetch: createSignedFetch(credentials, options) });
}
