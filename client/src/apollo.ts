import { HttpLink } from '@apollo/client/link/http';
import { createSignedFetch, type CredentialsSource, type SignedFetchOptions } from './signed-fetch.js';

export { possibleTypes } from './from-schema/possible-types.js';
export { typePolicies } from './from-schema/type-policies.js';

/**
 * Creates the terminating link of an Apollo Client: `new ApolloClient({ link, cache })`. For other options of `HttpLink`,
 * create one with {@link createSignedFetch} as its `fetch`.
 *
 * @param uri - URL of the gateway's GraphQL endpoint.
 */
export function createSignedHttpLink(
  uri: string,
  credentials: CredentialsSource,
  options?: SignedFetchOptions,
): HttpLink {
  return new HttpLink({ uri, fetch: createSignedFetch(credentials, options) });
}
