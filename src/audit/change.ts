/** IDs and counts of a change. Never a secret, a name or other text of a customer. */
export type ChangeDetails = Readonly<Record<string, string | number | readonly string[]>>;

/** What a command changed. */
export interface Change {
  readonly teamId?: string;
  readonly clientId?: string;
  /** Other IDs and counts. */
  readonly details?: ChangeDetails;
}

/** At most this many IDs of a change are recorded one by one. */
const MAX_IDS = 20;

/** The first IDs of a list, and their total if there are more. */
export function firstIds(name: string, ids: readonly string[]): ChangeDetails {
  return { [name]: ids.slice(0, MAX_IDS), ...(ids.length > MAX_IDS && { total: ids.length }) };
}
