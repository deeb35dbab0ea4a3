import { readFileSync } from 'node:fs';
import { contractLint } from './schema-lint/config.ts';

/** Only the contract is linted by ESLint; the code is oxlint's. */
export default [contractLint(readFileSync('schema.graphql', 'utf8'))];
