import { Extensions } from 'type-graphql';
import { type Scope } from './scopes.js';

const EXTENSION = 'scopeRule';

/** The scope that a field or a type requires, as declared. */
export class ScopeRule {
  /**
   * @param scope - undefined for a field that requires the scope of the type of each object that it returns.
   * @param ofArguments - scopes that boolean arguments require in addition when they are true, by their paths.
   */
  constructor(
    readonly scope: Scope | undefined,
    readonly ofArguments: Readonly<Record<string, Scope>> = {},
  ) {}
}

/**
 * Declares the scope that a token needs. Every root field must have a declaration, or the schema is not built.
 *
 * - On a root field, or a field of a type: for each operation that selects the field.
 * - On a type that implements `Node`: for its objects that a field with {@link RequiresScopeOfObject} returns.
 *
 * @param ofArguments - scopes that boolean arguments require in addition when they are true, by their paths, such as
 *   `{ 'filter.deleted': 'customers:delete' }`.
 */
export function RequiresScope(scope: Scope, ofArguments?: Readonly<Record<string, Scope>>) {
  return Extensions({ [EXTENSION]: new ScopeRule(scope, ofArguments) });
}

/** Declares that a field of an interface requires the scope of the type of each object that it returns. */
export function RequiresScopeOfObject() {
  return Extensions({ [EXTENSION]: new ScopeRule(undefined) });
}

/** The declaration of a field or a type, if it has one. */
export function scopeRuleOf(element: {
  readonly extensions: Readonly<Record<string, unknown>>;
}): ScopeRule | undefined {
  const rule = element.extensions[EXTENSION];
  return rule instanceof ScopeRule ? rule : undefined;
}
