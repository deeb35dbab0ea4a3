import { randomBytes } from 'node:crypto';
import { type MikroORM } from '@mikro-orm/postgresql';
import { checkSecrets } from '../../dist/src/auth/check-secrets.js';
import { ClientSecret } from '../../dist/src/auth/client-secret.entity.js';
import { DocumentPolicy } from '../../dist/src/auth/document-policy.js';
import { issueClient, issueToken } from '../../dist/src/auth/issue-credentials.js';
import { clientIsActive, listClients, listTokens } from '../../dist/src/auth/list-credentials.js';
import { reencryptSecrets } from '../../dist/src/auth/reencrypt-secrets.js';
import { revokeClient, revokeSecret, revokeToken } from '../../dist/src/auth/revoke-credentials.js';
import { rotateSecret } from '../../dist/src/auth/rotate-secret.js';
import { SecretBox } from '../../dist/src/auth/secret-box.js';
import { setDocumentPolicy } from '../../dist/src/auth/set-document-policy.js';
import { type Insertion } from '../../dist/src/customers/create/insert-customers.js';
import { validateCustomer } from '../../dist/src/customers/create/validate-customer.js';
import { importBatch } from '../../dist/src/customers/import/import-batch.js';
import { openImportStore } from '../../dist/src/customers/import/import-store.js';
import { createTeam, listTeams, teamExists } from '../../dist/src/teams/teams.js';
import { type Section } from './listed-statement.ts';
import { type OrmRecorder } from './orm-recorder.ts';
import { listed } from './recorded-statements.ts';
import { webhookOrmStatements } from './webhook-orm-statements.ts';

const ID = '00000000-0000-0000-0000-000000000000';
const TIME = '2000-01-01';
const LIMIT = 100;
const clientRow = {
  id: ID,
  name: 'name',
  created_at: TIME,
  revoked_at: null,
  document_policy: 'ANY',
  documents_version: null,
};

const tokenRow = {
  id: ID,
  client_id: ID,
  team_id: ID,
  hash: Buffer.alloc(0),
  created_at: TIME,
  expires_at: TIME,
  revoked_at: null,
};

/** The statements that the ORM writes, recorded while functions of the gateway run. */
export async function ormStatements({ orm, record }: OrmRecorder): Promise<Section[]> {
  const olderKey = randomBytes(32);
  const box = new SecretBox([randomBytes(32), olderKey]);
  const { ciphertext, keyId } = new SecretBox([olderKey]).seal('secret', ID);
  const secretRow = {
    id: ID,
    client_id: ID,
    ciphertext,
    key_id: keyId,
    created_at: TIME,
    expires_at: null,
  };

  return [
    {
      heading: 'Authentication, written by the ORM',
      statements: [
        ...listed(await record(() => teamExists(orm, ID)), [
          'team-exists',
          'For a request with a JWT that is not in the cache, and before a token is issued or customers are exported.',
          'teamId',
        ]),
      ],
    },
    {
      heading: 'Commands for teams, clients and tokens, written by the ORM',
      statements: [
        ...listed(await record(() => createTeam(orm, 'name')), [
          'create-team',
          'For a new team.',
          'teamId',
          'name',
          'createdAt',
        ]),
        ...listed(await record(() => listTeams(orm, LIMIT)), ['list-teams', 'For the list of teams.']),
        ...listed(
          await record(() => issueClient(orm, box, 'name')),
          [
            'create-client',
            'For a new client, in one transaction with its secret.',
            'clientId',
            'name',
            'createdAt',
            'documentPolicy',
          ],
          [
            'create-secret',
            'For a new client or the rotation of a secret.',
            'secretId',
            'clientId',
            'ciphertext',
            'keyId',
            'createdAt',
          ],
        ),
        ...listed(
          await record(() => listClients(orm, LIMIT), [[clientRow]]),
          ['list-clients', 'For the list of clients.'],
          ['list-secrets', 'For the list of clients, after list-clients.', 'clientId'],
        ),
        ...listed(
          // The last one is create-secret again.
          (await record(() => rotateSecret(orm, box, ID, 1), [[clientRow], [secretRow]])).slice(0, -1),
          ['lock-client', 'First, for the rotation of a secret.', 'clientId'],
          ['newest-secret', 'Second, for the rotation of a secret.', 'clientId'],
          ['delete-older-secrets', 'Third, for the rotation of a secret.', 'clientId', 'secretId'],
          [
            'expire-secret',
            'Fourth, for the rotation of a secret, before create-secret.',
            'expiresAt',
            'secretId',
          ],
        ),
        ...listed(
          await record(() => revokeClient(orm, ID)),
          ['revoke-client', 'First, for the revocation of a client.', 'revokedAt', 'clientId'],
          ['delete-secrets', 'Second, for the revocation of a client.', 'clientId'],
          ['client-exists', 'Third, if the client was not revoked now.', 'clientId'],
        ),
        ...listed(await record(() => setDocumentPolicy(orm, ID, DocumentPolicy.PUBLISHED)), [
          'set-document-policy',
          'For the documents that a client may send.',
          'documentPolicy',
          'clientId',
        ]),
        ...listed(await record(() => revokeSecret(orm, ID, ID)), [
          'revoke-secret',
          'For the revocation of a secret.',
          'secretId',
          'clientId',
        ]),
        ...listed(await record(() => clientIsActive(orm, ID)), [
          'client-is-active',
          'Before a token is issued.',
          'clientId',
        ]),
        ...listed(await record(() => issueToken(orm, { clientId: ID, teamId: ID, days: 1 })), [
          'create-token',
          'For a new token.',
          'tokenId',
          'clientId',
          'teamId',
          'hash',
          'createdAt',
          'expiresAt',
        ]),
        ...listed(await record(() => listTokens(orm, { clientId: ID, teamId: ID }, LIMIT)), [
          'list-tokens',
          'For the list of tokens. Without a client or a team, its condition is left out.',
          'clientId',
          'teamId',
        ]),
        ...listed(
          await record(() => revokeToken(orm, { id: ID }), [[tokenRow]]),
          ['lock-token', 'First, for the revocation of a token by its ID.', 'tokenId'],
          ['revoke-token', 'Second, for the revocation of a token.', 'revokedAt', 'tokenId'],
        ),
        ...listed(await record(() => revokeToken(orm, { token: 'token' })), [
          'lock-token-by-hash',
          'First, for the revocation of a token by the token itself.',
          'hash',
        ]),
      ],
    },
    {
      heading: 'Importing customers, written by the ORM',
      statements: listed(await record(() => importConflict(orm)), [
        'imported-customers',
        'For a batch of an import with conflicts: which of those rows an earlier run of the import created.',
        'teamId',
        'uuid',
      ]),
    },
    {
      heading: 'Keys of secrets, written by the ORM',
      statements: [
        ...listed(
          await record(() => reencryptSecrets(orm, box, ClientSecret), [[secretRow]]),
          ['delete-expired-secrets', 'First, when secrets are encrypted with a new key.'],
          ['lock-secrets', 'For the first batch of secrets that an older key encrypted.', 'keyId'],
          ['reencrypt-secret', 'For a batch of one secret.', 'ciphertext', 'keyId', 'secretId'],
          ['lock-later-secrets', 'For each later batch.', 'keyId', 'afterId'],
        ),
        ...listed(await record(() => checkSecrets(orm, box, ClientSecret)), [
          'check-secrets',
          'For the doctor. Later batches have a condition on id.',
        ]),
      ],
    },
    ...(await webhookOrmStatements({ orm, record }, box, { ciphertext, key_id: keyId })),
  ];
}

/** Imports a row whose email is taken. */
async function importConflict(orm: MikroORM): Promise<void> {
  const store = await openImportStore(orm);
  const customers = {
    ...store.customers,
    insertMany: async (): Promise<Insertion> => ({
      outcomes: ['EMAIL_EXISTS'],
      createdAt: null,
      earlier: undefined,
    }),
  };
  const checked = validateCustomer({ customer: 'name', email: 'name@example.com' });
  if ('errors' in checked) throw new Error('The row is not valid');
  const identity = { importId: ID, startedAt: 0 };
  const rows = [{ row: 0, draft: checked.draft, hasStatus: false }];
  await importBatch({ ...store, customers }, { teamId: ID, identity, rows });
}
