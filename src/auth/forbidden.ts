import { GraphQLError } from 'graphql';
import { errorCodes } from '../errors/error-codes.js';
import { CHALLENGE } from './authentication-failure.js';
import { type GrantedScopes, type Scope, scopes } from './scopes.js';

/** A part of an operation that requires a scope. */
export interface ScopeRequirement {
  /** What requires it, such as `customers`, `Customer.history` or `CustomerEvent`. */
  readonly name: string;
  /** The token needs one of these. */
  readonly anyOf: readonly Scope[];
}

/** The requirements that the scopes of a token do not meet. */
export function unmet(
  requirements: readonly ScopeRequirement[],
  granted: GrantedScopes,
): readonly ScopeRequirement[] {
  return requirements.filter(({ anyOf }) => !anyOf.some((scope) => granted.has(scope)));
}

/** The error for an object that the token may not read, beside other data. */
export function forbidden(missing: readonly ScopeRequirement[]): GraphQLError {
  const reasons = missing.map(({ name, anyOf }) => `\`${name}\` requires ${listOf(anyOf)}`);
  return new GraphQLError(`The token does not have the required scope: ${reasons.join('; ')}.`, {
    extensions: {
      code: errorCodes.FORBIDDEN,
      missingScopes: inOrder(missing.flatMap(({ anyOf }) => anyOf)),
    },
  });
}

/** The response to an operation that the token does not allow: HTTP 403 and the scopes that the operation requires (RFC 6750, 3.1). */
export function forbiddenOperation(
  requirements: readonly ScopeRequirement[],
  granted: GrantedScopes,
): GraphQLError {
  const missing = unmet(requirements, granted);
  const required = requirements.flatMap((requirement) =>
    missing.includes(requirement)
      ? requirement.anyOf
      : requirement.anyOf.filter((scope) => granted.has(scope)),
  );
  const challenge = `${CHALLENGE}, error="insufficient_scope", scope="${inOrder(required).join(' ')}"`;
  const error = forbidden(missing);
  Object.assign(error.extensions, {
    http: { status: 403, headers: new Map([['www-authenticate', challenge]]) },
  });
  return error;
}

const listOf = (anyOf: readonly Scope[]): string => anyOf.map((scope) => `\`${scope}\``).join(' or ');

function inOrder(some: readonly Scope[]): Scope[] {
  return scopes.filter((scope) => some.includes(scope));
}
