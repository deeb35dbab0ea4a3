import { readFileSync } from 'node:fs';
import { schemaLint } from './schema-lint/config.ts';

/** ESLint checks only the schema. oxlint checks the code. */
export default [schemaLint(readFileSync('schema.graphql', 'utf8'))];
