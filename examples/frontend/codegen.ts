import type { CodegenConfig } from '@graphql-codegen/cli';

/** Writes `generated/` from the schema and from the operations of the page. */
const config: CodegenConfig = {
  schema: 'schema.graphql',
  documents: 'page/operations/*.graphql',
  generates: {
    'generated/': {
      preset: 'client',
      presetConfig: {
        // The page gets hashes. The manifest with the documents is published on the gateway.
        persistedDocuments: { mode: 'replaceDocumentWithHash', hashAlgorithm: 'sha256' },
        fragmentMasking: false,
      },
      config: {
        documentMode: 'string',
        // Union types instead of TypeScript enums, which `erasableSyntaxOnly` does not allow.
        enumsAsTypes: true,
        useTypeImports: true,
        strictScalars: true,
        scalars: { DateTime: 'string', UUID: 'string' },
      },
    },
  },
};

export default config;
