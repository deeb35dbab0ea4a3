export { type RetryOptions } from './retry.js';
export { type Credentials, type RequestToSign, type SignedRequest, signRequest } from './sign.js';
export {
  createSignedFetch,
  type CredentialsSource,
  type SignedFetchOptions,
  UnsignableRequestError,
} from './signed-fetch.js';
