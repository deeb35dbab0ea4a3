import {
  type GraphQLResolveInfo,
  type OperationDefinitionNode,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql';
import { type ScopeRequirement } from '../../auth/forbidden.js';
import { requirementOf } from './required-scopes.js';

/** Parsed documents are cached, so an operation is read once. */
const known = new WeakMap<OperationDefinitionNode, readonly ScopeRequirement[]>();

/**
 * What the fields of an operation require, at any depth. As the cost, it depends on the document alone: a field counts even if
 * `@skip` or `@include` leaves it out.
 */
export function operationScopes(info: GraphQLResolveInfo): readonly ScopeRequirement[] {
  let requirements = known.get(info.operation);
  if (!requirements) {
    requirements = readScopes(info);
    known.set(info.operation, requirements);
  }
  return requirements;
}

function readScopes({ schema, operation, fragments }: GraphQLResolveInfo): ScopeRequirement[] {
  const found = new Map<string, ScopeRequirement>();
  const spread = new Set<string>();
  const types = new TypeInfo(schema);
  const visitor = visitWithTypeInfo(types, {
    Field() {
      const parent = types.getParentType();
      const field = types.getFieldDef();
      const requirement = parent && field ? requirementOf(schema, parent, field) : undefined;
      if (requirement) found.set(requirement.name, requirement);
    },
    FragmentSpread({ name }) {
      spread.add(name.value);
    },
  });
  visit(operation, visitor);
  // Fragments that these spread are added while the loop runs.
  for (const name of spread) {
    const fragment = fragments[name];
    if (fragment) visit(fragment, visitor);
  }
  return [...found.values()];
}
