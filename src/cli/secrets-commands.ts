import { type Command } from 'commander';
import { reencryptSecrets } from '../auth/reencrypt-secrets.js';
import { type CommandIo } from './command-io.js';
import { answers, type OutputOptions, print } from './output.js';
import { withDatabase } from './session.js';

/** Encryption at rest. */
export function addSecretsCommands(program: Command, io: CommandIo): void {
  const secrets = program.command('secrets').description('manage the encryption of secrets at rest');

  answers(
    secrets.command('reencrypt').description('re-encrypt secrets with the first key of SECRETS_KEY'),
  ).action(async (options: OutputOptions) => {
    const result = await withDatabase(io, async ({ orm, secretBox }) =>
      reencryptSecrets(orm, await secretBox()),
    );
    print(io, options, result, `Re-encrypted secrets: ${result.reencrypted}.`);
    if (result.unreadable.length === 0) return;
    throw new Error(
      [
        'No key in SECRETS_KEY can decrypt a secret of these clients:',
        ...result.unreadable.map((clientId) => `  ${clientId}`),
        'Add the missing key and run this command again, or create new secrets with `client rotate --overlap 0`.',
      ].join('\n'),
    );
  });
}
