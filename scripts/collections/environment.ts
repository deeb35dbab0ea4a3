/** URL of a gateway that `npm start` runs. */
export const DEFAULT_URL = 'http://127.0.0.1:4000/graphql';

/** Secret variables. Values are entered in the client or passed to its command line, and never committed. */
export const SECRETS = ['clientId', 'clientSecret', 'token'];
