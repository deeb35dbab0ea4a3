import { type GraphQLESLintRule, type GraphQLESTreeNode } from '@graphql-eslint/eslint-plugin';
import { type FieldDefinitionNode, type InputValueDefinitionNode, Kind } from 'graphql';

// A length of text is no bound of a list of texts.
const BOUND = /\b(at most|1 to) [\d,]+\b(?! characters)|\bone for each\b/i;

/**
 * A description of a list says how long the list can get: "at most 50", or "one for each item sent". A connection's is
 * that of the arguments `first` and `last`, so they say it: "1 to 100".
 */
export const boundedLists: GraphQLESLintRule = {
  meta: {
    type: 'problem',
    schema: [],
    messages: {
      unbounded:
        '`{{ name }}` must state its bound in its description: "at most N", "1 to N" or "one for each …"',
    },
  },
  create(context) {
    const check = (node: GraphQLESTreeNode<FieldDefinitionNode | InputValueDefinitionNode>): void => {
      if (!needsBound(node) || BOUND.test(node.description?.value ?? '')) return;
      context.report({ node: node.name, messageId: 'unbounded', data: { name: node.name.value } });
    };
    return { FieldDefinition: check, InputValueDefinition: check };
  },
};

function needsBound(node: GraphQLESTreeNode<FieldDefinitionNode | InputValueDefinitionNode>): boolean {
  const { name, parent } = node;
  if (parent.kind === Kind.FIELD_DEFINITION && /^(first|last)$/.test(name.value)) return true;
  const type = node.gqlType.kind === Kind.NON_NULL_TYPE ? node.gqlType.gqlType : node.gqlType;
  const isPage = /^(edges|nodes)$/.test(name.value) && parent.name.value.endsWith('Connection');
  return type.kind === Kind.LIST_TYPE && !isPage;
}
