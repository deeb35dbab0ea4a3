import { type GraphQLESLintRule, requireGraphQLSchema } from '@graphql-eslint/eslint-plugin';
import {
  getNullableType,
  type GraphQLField,
  type GraphQLObjectType,
  isInterfaceType,
  isObjectType,
  isUnionType,
} from 'graphql';

const isRefusal = (type: GraphQLObjectType): boolean =>
  type.getInterfaces().some(({ name }) => name === 'Error');

/** A mutation answers with a union of its own that has every way it can end. */
export const mutationResults: GraphQLESLintRule = {
  meta: { type: 'problem', schema: [] },
  create(context) {
    const mutations = requireGraphQLSchema('mutation-results', context).getMutationType()?.getFields();
    return {
      FieldDefinition(node) {
        const mutation = node.parent.name.value === 'Mutation' && mutations?.[node.name.value];
        if (!mutation) return;
        for (const message of missingOutcomes(mutation)) context.report({ node: node.name, message });
      },
    };
  },
};

function missingOutcomes(mutation: GraphQLField<unknown, unknown>): readonly string[] {
  const expected = `${mutation.name.charAt(0).toUpperCase()}${mutation.name.slice(1)}Result`;
  const result = getNullableType(mutation.type);
  if (!isUnionType(result) || String(mutation.type) !== `${expected}!`) {
    return [`\`${mutation.name}\` must return \`${expected}!\`, a union`];
  }
  const members = result.getTypes();
  const has = (member: string): boolean => members.some(({ name }) => name === member);
  const messages: string[] = [];
  if (members.every(isRefusal)) messages.push(`\`${expected}\` must have a success`);
  if (!has('RateLimited')) messages.push(`\`${expected}\` must have \`RateLimited\``);
  if (mutation.args.some(({ name }) => /^inputs?$/.test(name)) && !has('ValidationError')) {
    messages.push(`\`${expected}\` must have \`ValidationError\`: \`${mutation.name}\` takes input`);
  }
  return messages;
}

/** What has the fields of a refusal is one, by its interface, and some union has it. */
export const errorsInUnions: GraphQLESLintRule = {
  meta: { type: 'problem', schema: [] },
  create(context) {
    const schema = requireGraphQLSchema('errors-in-unions', context);
    const error = schema.getType('Error');
    const refusalFields = isInterfaceType(error) ? Object.keys(error.getFields()) : [];
    const outcomes = new Set(
      Object.values(schema.getTypeMap())
        .filter(isUnionType)
        .flatMap((union) => union.getTypes()),
    );
    return {
      ObjectTypeDefinition(node) {
        const type = schema.getType(node.name.value);
        if (!isObjectType(type)) return;
        const fields = type.getFields();
        if (isRefusal(type)) {
          if (outcomes.has(type)) return;
          context.report({ node: node.name, message: `\`${type.name}\` is an error that no union has` });
        } else if (refusalFields.length > 0 && refusalFields.every((name) => name in fields)) {
          context.report({ node: node.name, message: `\`${type.name}\` must implement \`Error\`` });
        }
      },
    };
  },
};
