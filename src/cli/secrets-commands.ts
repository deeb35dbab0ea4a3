import { type Command } from 'commander';
import { ClientSecret } from '../auth/client-secret.entity.js';
import { type Reencryption, reencryptSecrets } from '../auth/reencrypt-secrets.js';
import { WebhookSecret } from '../webhooks/endpoints/webhook-secret.entity.js';
import { audited, type AuditOptions } from './audited.js';
import { type CommandIo } from './command-io.js';
import { answers, type OutputOptions, print } from './output.js';
import { type AuditedSession, withAudit } from './session.js';

/** Encryption at rest. */
export function addSecretsCommands(program: Command, io: CommandIo): void {
  const secrets = program.command('secrets').description('manage the encryption of secrets at rest');

  const reencrypt = audited(answers(secrets.command('reencrypt')));
  reencrypt.description('re-encrypt secrets with the first key of SECRETS_KEY');
  reencrypt.action(async (options: OutputOptions & AuditOptions) => {
    const run = async ({ orm, secretBox, recordChange }: AuditedSession) => {
      const box = await secretBox();
      return {
        clients: await reencryptSecrets(orm, box, ClientSecret, recordChange),
        endpoints: await reencryptSecrets(orm, box, WebhookSecret, recordChange),
      };
    };
    const { clients, endpoints } = await withAudit(io, options, 'secrets.reencrypt', run);
    const result = {
      reencrypted: clients.reencrypted + endpoints.reencrypted,
      unreadable: clients.unreadable,
      unreadableEndpoints: endpoints.unreadable,
    };
    print(io, options, result, `Re-encrypted secrets: ${result.reencrypted}.`);
    const problems = [
      ...problemOf('clients', clients, 'create new secrets with `client rotate --overlap 0`'),
      ...problemOf(
        'webhook endpoints',
        endpoints,
        'have their clients call `rotateWebhookSecret` with `overlapHours: 0`',
      ),
    ];
    if (problems.length > 0) throw new Error(problems.join('\n'));
  });
}

function problemOf(owners: string, { unreadable }: Reencryption, otherwise: string): string[] {
  if (unreadable.length === 0) return [];
  return [
    `No key in SECRETS_KEY can decrypt a secret of these ${owners}:`,
    ...unreadable.map((id) => `  ${id}`),
    `Add the missing key and run this command again, or ${otherwise}.`,
  ];
}
