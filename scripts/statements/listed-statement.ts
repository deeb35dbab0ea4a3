/** A statement as `docs/statements.sql` shows it. */
export interface ListedStatement {
  readonly title: string;
  /** When the gateway sends it. */
  readonly runs: string;
  /** Its parameters are variables of psql: `:'name'`. */
  readonly text: string;
}

/** The statements of one part of the gateway. */
export interface Section {
  readonly heading: string;
  readonly statements: readonly ListedStatement[];
}
