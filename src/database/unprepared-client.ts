import pg from 'pg';

type QueryArguments = [statement: unknown, ...others: unknown[]];

/** A connection that prepares no statement under a name. A pooler could run the next use of the name on another connection. */
export class UnpreparedClient extends pg.Client {
  constructor(config?: pg.ClientConfig) {
    super(config);
    const query = Reflect.get(this, 'query');
    const unprepared = (...[statement, ...others]: QueryArguments): unknown =>
      Reflect.apply(query, this, [
        isNamed(statement) ? { ...statement, name: undefined } : statement,
        ...others,
      ]);
    Object.assign(this, { query: unprepared });
  }
}

function isNamed(statement: unknown): statement is { readonly name: string } {
  return typeof statement === 'object' && statement !== null && 'name' in statement && 'text' in statement;
}
