import {
  getNamedType,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLSchema,
  isAbstractType,
} from 'graphql';
import { type ScopeRequirement } from '../../auth/forbidden.js';
import { scopeRuleOf } from '../../auth/requires-scope.js';

/** What a field requires of a token, or undefined if it declares nothing. */
export function requirementOf(
  schema: GraphQLSchema,
  parent: GraphQLNamedType,
  field: GraphQLField<unknown, unknown>,
): ScopeRequirement | undefined {
  const rule = scopeRuleOf(field);
  if (!rule) return undefined;
  const isRoot = parent === schema.getQueryType() || parent === schema.getMutationType();
  const name = isRoot ? field.name : `${parent.name}.${field.name}`;
  if (rule.scope !== undefined) return { name, anyOf: [rule.scope] };
  const ofTypes = requirementsOfTypes(schema, field).flatMap(({ anyOf }) => anyOf);
  return { name, anyOf: [...new Set(ofTypes)] };
}

/**
 * What the objects of a field that returns an interface require, by their types.
 *
 * @throws {Error} if the field does not return an interface, or one of its types declares no scope.
 */
export function requirementsOfTypes(
  schema: GraphQLSchema,
  field: GraphQLField<unknown, unknown>,
): ScopeRequirement[] {
  const type = getNamedType(field.type);
  if (!isAbstractType(type)) throw new Error(`${field.name} returns no interface: use @RequiresScope.`);
  return schema.getPossibleTypes(type).map((possible) => {
    const scope = scopeRuleOf(possible)?.scope;
    if (scope === undefined) {
      throw new Error(
        `The type ${possible.name}, which ${field.name} can return, declares no scope: add @RequiresScope.`,
      );
    }
    return { name: possible.name, anyOf: [scope] };
  });
}
