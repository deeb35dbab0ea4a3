import { type ClientOptions } from '@urql/core';
import { createSignedFetch, type CredentialsSource, type SignedFetchOptions } from './signed-fetch.js';

/**
 * Creates the options of an urql client: `new Client({ ...options, exchanges })`. Queries are also sent with POST, the only
 * method that the gateway accepts.
 *
 * @param url - URL of the gateway's GraphQL endpoint.
 */
export function createSignedClientOptions(
  url: string,
  credentials: CredentialsSource,
  options?: SignedFetchOptions,
): Pick<ClientOptions, 'url' | 'fetch' | 'preferGetMethod'> {
  return { url, fetch: createSignedFetch(credentials, options), preferGetMethod: false };
}
