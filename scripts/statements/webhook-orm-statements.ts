import { checkSecrets } from '../../dist/src/auth/check-secrets.js';
import { reencryptSecrets } from '../../dist/src/auth/reencrypt-secrets.js';
import { type SecretBox } from '../../dist/src/auth/secret-box.js';
import { CustomerEventType } from '../../dist/src/customers/events/event-type.js';
import { EndpointStore } from '../../dist/src/webhooks/endpoints/endpoint-store.js';
import { disableEndpoint } from '../../dist/src/webhooks/endpoints/operate-endpoints.js';
import { WebhookSecret } from '../../dist/src/webhooks/endpoints/webhook-secret.entity.js';
import { type Section } from './listed-statement.ts';
import { type OrmRecorder } from './orm-recorder.ts';
import { listed } from './recorded-statements.ts';

const ID = '00000000-0000-0000-0000-000000000000';
const TIME = '2000-01-01';

const clientRow = { id: ID, name: 'name', created_at: TIME, revoked_at: null };

/** Disabled, so that an update that pauses it changes every column that it can change. */
const endpointRow = {
  id: ID,
  team_id: ID,
  client_id: ID,
  token_id: null,
  url: 'https://old.example',
  types: null,
  description: null,
  status: 'DISABLED',
  disabled_reason: 'GONE',
  failing_since: TIME,
  failed_runs: 1,
  resume_at: TIME,
  sending_by: null,
  sending_until: null,
  created_at: TIME,
  updated_at: TIME,
  deleted_at: null,
};

/**
 * The statements of webhooks that the ORM writes.
 *
 * @param box - has a second, older key.
 * @param sealed - a secret for {@link ID} that the older key encrypted.
 */
export async function webhookOrmStatements(
  { orm, record }: OrmRecorder,
  box: SecretBox,
  sealed: { readonly ciphertext: Buffer; readonly key_id: string },
): Promise<Section[]> {
  const store = new EndpointStore(orm, box);
  const caller = { clientId: ID, teamId: ID, tokenId: ID };
  const draft = { url: 'https://example.com', types: [CustomerEventType.CREATED], description: 'text' };
  const secretRow = { id: ID, endpoint_id: ID, ...sealed, created_at: TIME, expires_at: null };
  /** Without the first one, lock-endpoint, which each change begins with. */
  const recordChange = async (change: () => Promise<unknown>) =>
    (await record(change, [[endpointRow]])).slice(1);

  return [
    {
      heading: 'Webhook endpoints, written by the ORM',
      statements: [
        ...listed(await record(() => store.list(caller)), [
          'list-endpoints',
          'For webhookEndpoints.',
          'clientId',
          'teamId',
        ]),
        ...listed(await record(() => store.find(caller, ID)), [
          'find-endpoint',
          'For webhookEndpoint.',
          'clientId',
          'teamId',
          'endpoint',
        ]),
        ...listed(
          await record(() => store.create(caller, draft), [[clientRow], [{ count: 0 }]]),
          ['lock-client-of-endpoints', 'First, for a new endpoint.', 'clientId'],
          ['count-endpoints', 'Second, for a new endpoint.', 'clientId', 'teamId'],
          [
            'create-endpoint',
            'Third, for a new endpoint.',
            'endpoint',
            'teamId',
            'clientId',
            'tokenId',
            'url',
            'types',
            'description',
            'status',
            'createdAt',
            'updatedAt',
          ],
          [
            'create-webhook-secret',
            'Fourth, for a new endpoint, and for the rotation of a secret.',
            'secretId',
            'endpoint',
            'ciphertext',
            'keyId',
            'createdAt',
          ],
        ),
        ...listed((await record(() => store.delete(caller, ID))).slice(0, 1), [
          'lock-endpoint',
          'First, for an update, a deletion or the rotation of a secret.',
          'clientId',
          'teamId',
          'endpoint',
        ]),
        ...listed(await recordChange(() => store.update(caller, ID, { ...draft, paused: true })), [
          'update-endpoint',
          'For an update, after lock-endpoint, of the columns that change.',
          'tokenId',
          'url',
          'types',
          'description',
          'status',
          'updatedAt',
          'endpoint',
        ]),
        ...listed(await recordChange(() => store.delete(caller, ID)), [
          'delete-endpoint',
          'For a deletion, after lock-endpoint.',
          'deletedAt',
          'endpoint',
        ]),
        ...listed(
          // The fourth one is create-webhook-secret again.
          (await recordChange(() => store.rotateSecret(caller, ID, 0))).toSpliced(3, 1),
          ['delete-previous-webhook-secret', 'Second, for the rotation of a secret.', 'endpoint'],
          ['delete-webhook-secrets', 'Third, for a rotation without an overlap.', 'endpoint'],
          [
            'expire-webhook-secret',
            'Fourth, for a rotation, before create-webhook-secret.',
            'expiresAt',
            'endpoint',
          ],
          ['touch-endpoint', 'At the end of a rotation.', 'updatedAt', 'endpoint'],
        ),
        ...listed(
          await record(() => disableEndpoint(orm, ID)),
          [
            'disable-endpoint',
            'For the command that disables an endpoint, before cancel-deliveries.',
            'status',
            'disabledReason',
            'updatedAt',
            'endpoint',
            'disabled',
          ],
          ['endpoint-exists', 'If the endpoint was not disabled now.', 'endpoint'],
        ),
      ],
    },
    {
      heading: 'Keys of webhook secrets, written by the ORM',
      statements: [
        ...listed(
          await record(() => reencryptSecrets(orm, box, WebhookSecret), [[secretRow]]),
          ['delete-expired-webhook-secrets', 'First, when secrets are encrypted with a new key.'],
          ['lock-webhook-secrets', 'For the first batch of secrets that an older key encrypted.', 'keyId'],
          ['reencrypt-webhook-secret', 'For a batch of one secret.', 'ciphertext', 'keyId', 'secretId'],
          ['lock-later-webhook-secrets', 'For each later batch.', 'keyId', 'afterId'],
        ),
        ...listed(await record(() => checkSecrets(orm, box, WebhookSecret)), [
          'check-webhook-secrets',
          'For the doctor. Later batches have a condition on id.',
        ]),
      ],
    },
  ];
}
