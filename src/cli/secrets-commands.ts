import { type Command } from 'commander';
import { reencryptSecrets } from '../auth/reencrypt-secrets.js';
import { type CommandIo } from './command-io.js';
import { answers, type OutputOptions, print } from './output.js';
import { withDatabase } from './session.js';

/** Encryption at rest. */
export function addSecretsCommands(program: Command, io: CommandIo): void {
  const secrets = program.command('secrets').description('the encryption of secrets at rest');

  answers(
    secrets
      .command('reencrypt')
      .description('encrypt with the first key of SECRETS_KEY what an older one encrypted'),
  ).action(async (options: OutputOptions) => {
    const result = await withDatabase(io, async ({ orm, secretBox }) =>
      reencryptSecrets(orm, await secretBox()),
    );
    print(io, options, result, `Encrypted again: ${result.reencrypted}.`);
    if (result.unreadable.length === 0) return;
    throw new Error(
      [
        'No key of SECRETS_KEY opens a secret of these clients:',
        ...result.unreadable.map((clientId) => `  ${clientId}`),
        'Add the key that is missing and run this again, or give the clients new secrets with `client rotate --overlap 0`.',
      ].join('\n'),
    );
  });
}
