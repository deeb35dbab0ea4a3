export { type Credentials, type RequestToSign, type SignedRequest, signRequest } from './sign.js';
