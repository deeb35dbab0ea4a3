/** What a token may allow, in the order in which scopes are listed. */
export const scopes = [
  'customers:read',
  'customers:write',
  'customers:delete',
  'webhooks:manage',
  'events:read',
] as const;

/** A scope of a token (RFC 6749, 3.3). */
export type Scope = (typeof scopes)[number];

/** The scopes of a token. Shared by all requests with the token. */
export type GrantedScopes = ReadonlySet<Scope>;

/** The scopes of an unrestricted token. */
export const ALL_SCOPES: GrantedScopes = new Set(scopes);

const names: ReadonlySet<string> = ALL_SCOPES;

/** Whether a name is that of a scope. */
export function isScope(name: string): name is Scope {
  return names.has(name);
}
