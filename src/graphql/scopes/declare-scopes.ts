import {
  defaultTypeResolver,
  getNamedType,
  type GraphQLAbstractType,
  type GraphQLField,
  type GraphQLSchema,
  isAbstractType,
  isObjectType,
} from 'graphql';
import { type ScopeRequirement } from '../../auth/forbidden.js';
import { scopeRuleOf } from '../../auth/requires-scope.js';
import { type GatewayContext } from '../context.js';
import { requirementsOfTypes } from './required-scopes.js';

type Field = GraphQLField<unknown, unknown>;

/**
 * Adds the declared scopes to the descriptions of fields, and has interfaces check the scope of each object's type. Guards of root
 * fields check the operation.
 *
 * @throws {Error} if a root field, or a type whose scope counts, declares none.
 */
export function declareScopes(schema: GraphQLSchema): void {
  const roots = new Set<unknown>([schema.getQueryType(), schema.getMutationType()]);
  const checked = new Set<GraphQLAbstractType>();
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type)) continue;
    for (const field of Object.values(type.getFields())) {
      const rule = scopeRuleOf(field);
      if (!rule && roots.has(type)) {
        throw new Error(`The root field ${field.name} declares no scope: add @RequiresScope.`);
      }
      if (!rule) continue;
      field.description = [field.description, describeScopes(schema, field)].join(' ');
      const returned = getNamedType(field.type);
      if (rule.scope === undefined && isAbstractType(returned) && !checked.has(returned)) {
        checked.add(returned);
        checkObjects(returned, requirementsOfTypes(schema, field));
      }
    }
  }
}

function describeScopes(schema: GraphQLSchema, field: Field): string {
  const rule = scopeRuleOf(field);
  if (rule?.scope !== undefined) {
    const ofArguments = Object.entries(rule.ofArguments).map(
      ([path, scope]) => ` With \`${path}: true\`, it also requires \`${scope}\`.`,
    );
    return `Requires the scope \`${rule.scope}\`.${ofArguments.join('')}`;
  }
  const byScope = Map.groupBy(requirementsOfTypes(schema, field), ({ anyOf }) => anyOf[0]);
  const ofTypes = [...byScope].map(
    ([scope, types]) => `\`${scope}\` for ${types.map(({ name }) => `\`${name}\``).join(' and ')}`,
  );
  return `Requires the scope of the object's type: ${ofTypes.join(', ')}.`;
}

/** Objects that the token may not read are errors in their places. */
function checkObjects(type: GraphQLAbstractType, requirements: readonly ScopeRequirement[]): void {
  const byType = new Map(requirements.map((requirement) => [requirement.name, requirement]));
  const resolveType = type.resolveType ?? defaultTypeResolver;
  type.resolveType = async (value, context: GatewayContext, info, abstractType) => {
    const name = await resolveType(value, context, info, abstractType);
    const requirement = byType.get(name ?? '');
    if (requirement) context.scopes.requireForObject(requirement);
    return name;
  };
}
