import { type Authentication, type Caller } from './authenticate.js';
import { unauthenticated } from './refusal.js';
import { type SignatureUse } from './signature-use.js';

/** What authentication adds to the context of a request. */
export interface AuthContext {
  readonly authentication: Authentication;
  readonly signature: SignatureUse;
}

/** The caller of an authenticated request. @throws {GraphQLError} `UNAUTHENTICATED` when it is not. */
export function callerOf({ authentication }: Pick<AuthContext, 'authentication'>): Caller {
  if ('refusal' in authentication) throw unauthenticated(authentication.refusal);
  return authentication.caller;
}
