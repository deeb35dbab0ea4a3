import { type Statement } from '../database/statement.js';

/** Locks an active client, so that changes of its documents happen one after another, and gives a row. */
export const lockClientStatement: Statement = {
  text: `select id from api_client where id = :'clientId' and revoked_at is null for no key update`,
};
