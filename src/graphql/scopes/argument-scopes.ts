import {
  getNullableType,
  GraphQLBoolean,
  type GraphQLField,
  type GraphQLInputType,
  isInputObjectType,
} from 'graphql';
import { type ScopeRequirement } from '../../auth/forbidden.js';
import { scopeRuleOf } from '../../auth/requires-scope.js';

type Field = Pick<GraphQLField<unknown, unknown>, 'name' | 'args' | 'extensions'>;

/** What the arguments of a call require beside its field. */
export type ArgumentScopes = (args: Readonly<Record<string, unknown>>) => readonly ScopeRequirement[];

const NONE: readonly ScopeRequirement[] = [];

/** Prepares the check of a field's arguments. @throws {Error} if it declares a scope for an argument that it does not have. */
export function argumentScopes(field: Field): ArgumentScopes {
  const rules = Object.entries(scopeRuleOf(field)?.ofArguments ?? {}).map(([path, scope]) => {
    const names = path.split('.');
    if (!isBoolean(field, names)) {
      throw new Error(`${field.name} declares a scope for ${path}, which is no boolean argument.`);
    }
    return { names, requirement: { name: `${field.name}(${path}: true)`, anyOf: [scope] } };
  });
  if (rules.length === 0) return () => NONE;
  return (args) =>
    rules.filter(({ names }) => valueAt(args, names) === true).map(({ requirement }) => requirement);
}

function isBoolean(field: Field, [first, ...rest]: readonly string[]): boolean {
  let type: GraphQLInputType | undefined = field.args.find(({ name }) => name === first)?.type;
  for (const name of rest) {
    const object: GraphQLInputType | undefined = type && getNullableType(type);
    type = isInputObjectType(object) ? object.getFields()[name]?.type : undefined;
  }
  return type !== undefined && getNullableType(type) === GraphQLBoolean;
}

/** Objects of arguments have no prototype if the document contains them, and one if a variable does. */
function valueAt(args: unknown, names: readonly string[]): unknown {
  return names.reduce(
    (value, name) => (typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined),
    args,
  );
}
