import { format } from 'sql-formatter';

/** Formats one statement of PostgreSQL. Its parameters are variables of psql: `:'name'`. */
export function formatSql(text: string): string {
  return format(text, {
    language: 'postgresql',
    expressionWidth: 100,
    paramTypes: { custom: [{ regex: String.raw`:'\w+'` }] },
  });
}
