import { type GraphQLError } from 'graphql';
import { forbidden, forbiddenOperation, type ScopeRequirement, unmet } from './forbidden.js';
import { ALL_SCOPES, type GrantedScopes } from './scopes.js';

/** Checks the scopes of one request's token, for all its fields. */
export class ScopeCheck {
  #refusal: GraphQLError | undefined;

  constructor(private readonly granted: GrantedScopes) {}

  /** The response, if the operation was refused. */
  get refusal(): GraphQLError | undefined {
    return this.#refusal;
  }

  /** Whether the token has every scope, so that nothing needs to be checked. */
  get isUnrestricted(): boolean {
    return this.granted.size === ALL_SCOPES.size;
  }

  /** Refuses the operation if the token does not meet a requirement. @throws {GraphQLError} `FORBIDDEN`. */
  requireForOperation(requirements: readonly ScopeRequirement[]): void {
    if (unmet(requirements, this.granted).length === 0) return;
    this.#refusal ??= forbiddenOperation(requirements, this.granted);
    throw this.#refusal;
  }

  /** Refuses one object of a response. @throws {GraphQLError} `FORBIDDEN`. */
  requireForObject(requirement: ScopeRequirement): void {
    const missing = unmet([requirement], this.granted);
    if (missing.length > 0) throw forbidden(missing);
  }
}
