/** How the gateway's connections are bounded, in number and in time. */
export interface PoolSettings {
  /** Connections at most. */
  readonly max: number;
  /** How long a statement may wait for a connection, or a new connection for the server, in ms. */
  readonly waitMs: number;
  /** How long a statement may run or wait for a lock, in ms. */
  readonly statementTimeoutMs: number;
  /** Set if the connections lead to a pooler in transaction mode, which keeps no setting of a session. */
  readonly pooler?: PoolerSettings | undefined;
}

/** What a pooler in transaction mode supports. */
export interface PoolerSettings {
  /** Whether a statement can be prepared once for each connection to the pooler, as with PgBouncer 1.21 and later. */
  readonly preparedStatements: boolean;
}

/** How the connections of a gateway that serves are bounded. */
export interface DatabaseLimits extends PoolSettings {
  /** How long the statement of a list may run, in ms. */
  readonly listTimeoutMs: number;
}

/** The part of all connections that only lists use, so that slow lists leave the others to everything else. */
const LISTS_PART = 0.25;

/** Splits a gateway's connections into those of lists and those of everything else. At least one each. */
export function splitPool({ listTimeoutMs, ...settings }: DatabaseLimits): {
  readonly main: PoolSettings;
  readonly lists: PoolSettings;
} {
  const lists = Math.max(1, Math.floor(settings.max * LISTS_PART));
  return {
    main: { ...settings, max: settings.max - lists },
    lists: { ...settings, max: lists, statementTimeoutMs: listTimeoutMs },
  };
}
