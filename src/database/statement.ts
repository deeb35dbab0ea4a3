import { type QueryConfig } from 'pg';

/** A statement whose parameters have names: `:'teamId'` in its text, which psql takes as well. */
export interface Statement {
  /** Each connection prepares the statement once under this name. Without one it is planned at each call. */
  readonly name?: string;
  readonly text: string;
}

/** The value of each parameter. An undefined one is null. */
export type Values = Readonly<Record<string, unknown>>;

/** Gives a statement its values, for one call: `pg` writes into what it is given. */
export type Bind = (values: Values) => QueryConfig;

const PARAMETER = /:'(\w+)'/g;

/** Numbers the parameters of a statement once, so that a call only puts its values in order. */
export function numberParameters(statement: Statement): Bind {
  const parameters = [...new Set(Array.from(statement.text.matchAll(PARAMETER), ([, name = '']) => name))];
  const text = statement.text.replaceAll(
    PARAMETER,
    (_match, name: string) => `$${parameters.indexOf(name) + 1}`,
  );
  return (values) => ({
    ...statement,
    text,
    values: parameters.map((name) => {
      if (!(name in values)) throw new Error(`The statement has no value for ${name}`);
      return values[name];
    }),
  });
}

/** The statements of a few forms, each written and numbered when it is first needed. */
export class StatementForms {
  readonly #binds = new Map<string, Bind>();

  /** @param form - the name of the form. */
  get(form: string, write: () => Statement): Bind {
    const bind = this.#binds.get(form) ?? numberParameters(write());
    this.#binds.set(form, bind);
    return bind;
  }
}
