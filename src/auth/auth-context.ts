import { type Authentication, type Caller } from './authenticate.js';
import { unauthenticated } from './authentication-failure.js';
import { type ScopeCheck } from './scope-check.js';
import { type SignatureClaim } from './signature-claim.js';

/** What authentication adds to the context of a request. */
export interface AuthContext {
  readonly authentication: Authentication;
  readonly signature: SignatureClaim;
  readonly scopes: ScopeCheck;
}

/** The caller of an authenticated request. @throws {GraphQLError} `UNAUTHENTICATED` when it is not. */
export function callerOf({ authentication }: Pick<AuthContext, 'authentication'>): Caller {
  if ('failure' in authentication) throw unauthenticated(authentication.failure);
  return authentication.caller;
}
