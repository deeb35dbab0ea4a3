import pg from 'pg';
import { APPLICATION_NAME } from '../../src/database/connection.js';

/** Reports each statement that a gateway in this process sends. @returns a function that ends it. */
export function watchStatements(
  onStatement: (statement: { readonly text: string; readonly name?: string | undefined }) => void,
): () => void {
  // oxlint-disable-next-line typescript/unbound-method -- put back, and called on its client, below
  const original = pg.Client.prototype.query;
  Object.assign(pg.Client.prototype, {
    query(
      this: pg.Client & { connectionParameters?: pg.ClientConfig },
      ...args: [statement: string | pg.QueryConfig, ...others: unknown[]]
    ): unknown {
      const [statement] = args;
      if (this.connectionParameters?.application_name === APPLICATION_NAME) {
        onStatement(typeof statement === 'string' ? { text: statement } : statement);
      }
      return Reflect.apply(original, this, args);
    },
  });
  return () => {
    Object.assign(pg.Client.prototype, { query: original });
  };
}
