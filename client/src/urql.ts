import { type ClientOptions } from '@urql/core';
import { createSignedFetch, type CredentialsSource, type SignedFetchOptions } from './signed-fetch.js';

/**
 * Makes what an urql client is to have beside its exchanges: `new Client({ ...options, exchanges })`. Queries are sent by POST
 * too, for the gateway serves nothing else.
 *
 * @param url - where the gateway takes operations.
 */
export function createSignedClientOptions(
  url: string,
  credentials: CredentialsSource,
  options?: SignedFetchOptions,
): Pick<ClientOptions, 'url' | 'fetch' | 'preferGetMethod'> {
  return { url, fetch: createSignedFetch(credentials, options), preferGetMethod: false };
}
