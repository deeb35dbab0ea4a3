import graphqlEslint from '@graphql-eslint/eslint-plugin';
import { type ESLint, Linter } from 'eslint';
import { boundedLists } from './bounded-lists.ts';
import { errorsInUnions, mutationResults } from './exhaustive-unions.ts';

// For the tests of these rules, which cannot resolve the packages of this folder.
export { Linter };

const all = graphqlEslint.configs['flat/schema-all'].rules;

/** Every rule for schemas that the tool has, also those that come with its next version, and ours. */
export function schemaLint(schemaSdl: string): Linter.Config {
  return {
    files: ['schema.graphql'],
    languageOptions: { parser: graphqlEslint.parser, parserOptions: { schemaSdl } },
    plugins: plugins(),
    rules: {
      ...all,
      ...graphqlEslint.configs['flat/schema-relay'].rules,
      'schema/bounded-lists': 'error',
      'schema/errors-in-unions': 'error',
      'schema/mutation-results': 'error',

      '@graphql-eslint/require-description': [
        'error',
        {
          types: true,
          DirectiveDefinition: true,
          FieldDefinition: true,
          InputValueDefinition: true,
          EnumValueDefinition: true,
        },
      ],
      '@graphql-eslint/naming-convention': [
        'error',
        {
          ...all['@graphql-eslint/naming-convention'][1],
          InputObjectTypeDefinition: { style: 'PascalCase', requiredPattern: /Input$/ },
          UnionTypeDefinition: { style: 'PascalCase', requiredPattern: /(Result|Item)$/ },
        },
      ],
      // Events are read in one direction only.
      '@graphql-eslint/relay-arguments': ['error', { includeBoth: false }],
      '@graphql-eslint/relay-edge-types': [
        'error',
        {
          // Deliveries are read with their endpoint only.
          shouldImplementNode: false,
          // A list that is short by rule needs no pages; `schema/bounded-lists` has it say so.
          listTypeCanWrapOnlyEdgeType: false,
        },
      ],

      // graphql-js prints the file; its order and its style are the same for all.
      '@graphql-eslint/alphabetize': 'off',
      '@graphql-eslint/description-style': 'off',
      // Mutations take more than `input`: `inputs` for many, and keys beside them.
      '@graphql-eslint/input-name': 'off',
      // It forbids mutations.
      '@graphql-eslint/no-root-type': 'off',
      // The name of a customer is `customer` in the schema.
      '@graphql-eslint/no-typename-prefix': 'off',
      // GraphQL's own @deprecated has no argument for a date.
      '@graphql-eslint/require-deprecation-date': 'off',
      // A client that wants more than the outcome asks Query for it.
      '@graphql-eslint/require-field-of-type-query-in-mutation-result': 'off',
      // `schema/mutation-results` wants the opposite: null would be an outcome without a name.
      '@graphql-eslint/require-nullable-result-in-root': 'off',
      // Most of our types are values without an identity.
      '@graphql-eslint/strict-id-in-types': 'off',
    },
  };
}

function plugins(): Record<string, ESLint.Plugin> {
  const ours = {
    rules: {
      'bounded-lists': boundedLists,
      'errors-in-unions': errorsInUnions,
      'mutation-results': mutationResults,
    },
  };
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the tool's types know no GraphQL in ESLint's nodes
  return { '@graphql-eslint': graphqlEslint, schema: ours } as unknown as Record<string, ESLint.Plugin>;
}
