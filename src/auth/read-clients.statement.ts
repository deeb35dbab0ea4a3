import { type Statement } from '../database/statement.js';

/** Gives a row for each secret that has not expired, by the database's clock, of each client that is not revoked. */
export const readClientsStatement: Statement = {
  name: 'read-clients',
  text: `
    select secret.id, secret.ciphertext, secret.key_id as "keyId", client.id as "clientId",
      client.document_policy as "documentPolicy", client.documents_version as "documentsVersion"
    from client_secret secret join api_client client on client.id = secret.client_id
    where client.revoked_at is null and (secret.expires_at is null or secret.expires_at > now())`,
};
