import { type Statement } from '../database/statement.js';

/** Gives the token with this hash, or no row if it was never issued. */
export const findTokenStatement: Statement = {
  name: 'find-token',
  text: `
    select id, client_id as "clientId", team_id as "teamId", scopes, expires_at as "expiresAt",
      revoked_at is not null as revoked
    from access_token where hash = :'hash'`,
};
