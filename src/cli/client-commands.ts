import { Argument, type Command, Option } from 'commander';
import { DocumentPolicy } from '../auth/document-policy.js';
import { issueClient, type IssuedClient } from '../auth/issue-credentials.js';
import { listClients } from '../auth/list-credentials.js';
import { revokeClient, revokeSecret } from '../auth/revoke-credentials.js';
import { rotateSecret } from '../auth/rotate-secret.js';
import { setDocumentPolicy } from '../auth/set-document-policy.js';
import { durationArgument, idArgument, nameArgument } from './arguments.js';
import { audited, type AuditOptions } from './audited.js';
import { type CommandIo } from './command-io.js';
import {
  answers,
  answersWithList,
  type ListOptions,
  type OutputOptions,
  print,
  printList,
  printRevocation,
} from './output.js';
import { withAudit, withDatabase } from './session.js';
import { unknownClient } from './unknown-client.js';

const MAX_OVERLAP_SECONDS = 30 * 86_400;
const DEFAULT_OVERLAP = '24h';

const policies = { any: DocumentPolicy.ANY, published: DocumentPolicy.PUBLISHED };

type PolicyName = keyof typeof policies;

type ChangeOptions = OutputOptions & AuditOptions;

const POLICY = 'documents that the client may send: any, or the IDs of published ones only';

/** Partner apps and their secrets. */
export function addClientCommands(program: Command, io: CommandIo): void {
  const client = program.command('client').description('manage clients (partner apps) and their secrets');

  audited(answers(client.command('create')))
    .description('create a client; its secret is printed only once')
    .argument('<name>', 'name of the client', nameArgument)
    .addOption(new Option('--documents <policy>', POLICY).choices(Object.keys(policies)).default('any'))
    .action(async (name: string, options: ChangeOptions & { documents: PolicyName }) => {
      const issued = await withAudit(io, options, 'client.create', async ({ orm, secretBox, recordChange }) =>
        issueClient(orm, await secretBox(), name, policies[options.documents], recordChange),
      );
      printIssued(io, options, issued);
    });

  answersWithList(client.command('list').description('list clients, newest first')).action(
    (options: ListOptions) => list(io, options),
  );

  audited(answers(client.command('rotate')))
    .description(
      'create a new secret for a client, printed only once; the previous secret stays valid for the overlap',
    )
    .argument('<client>', 'client ID', idArgument)
    .option(
      '--overlap <time>',
      'how long the previous secret stays valid: 90s, 30m, 24h, 7d, or 0 to revoke it immediately',
      durationArgument(MAX_OVERLAP_SECONDS),
      durationArgument(MAX_OVERLAP_SECONDS)(DEFAULT_OVERLAP),
    )
    .action(async (clientId: string, options: ChangeOptions & { overlap: number }) => {
      const issued = await withAudit(io, options, 'client.rotate', async ({ orm, secretBox, recordChange }) =>
        rotateSecret(orm, await secretBox(), clientId, options.overlap, recordChange),
      );
      if (!issued) throw unknownClient(clientId);
      printIssued(io, options, issued);
    });

  audited(answers(client.command('set-documents')))
    .description('set which documents a client may send')
    .argument('<client>', 'client ID', idArgument)
    .addArgument(new Argument('<policy>', POLICY).choices(Object.keys(policies)))
    .action((clientId: string, policy: PolicyName, options: ChangeOptions) =>
      setDocuments(io, clientId, policy, options),
    );

  audited(answers(client.command('revoke')))
    .description('revoke a client permanently, or one of its secrets')
    .argument('<client>', 'client ID', idArgument)
    .option('--secret <id>', 'revoke only this secret; `client list` shows the IDs', idArgument)
    .action((clientId: string, options: ChangeOptions & { secret?: string }) =>
      options.secret === undefined
        ? endClient(io, clientId, options)
        : endSecret(io, clientId, options.secret, options),
    );
}

function printIssued(io: CommandIo, options: OutputOptions, issued: IssuedClient): void {
  print(io, options, issued, `client id      ${issued.clientId}\nclient secret  ${issued.clientSecret}`);
}

async function list(io: CommandIo, options: ListOptions): Promise<void> {
  const listed = await withDatabase(io, ({ orm }) => listClients(orm, options.limit));
  const rows = listed.map(({ client, secrets }) => ({
    clientId: client.id,
    name: client.name,
    createdAt: client.createdAt,
    revokedAt: client.revokedAt,
    documents: client.documentPolicy.toLowerCase(),
    secrets: secrets.map(({ id, createdAt, expiresAt }) => ({ secretId: id, createdAt, expiresAt })),
  }));
  printList(io, options, rows, ({ clientId, name, createdAt, revokedAt, documents, secrets }) => ({
    'CLIENT ID': clientId,
    NAME: name,
    CREATED: createdAt.toISOString(),
    STATE: revokedAt ? 'revoked' : 'active',
    DOCUMENTS: documents,
    SECRETS: secrets
      .map(({ secretId, expiresAt }) =>
        expiresAt ? `${secretId} until ${expiresAt.toISOString()}` : secretId,
      )
      .join(', '),
  }));
}

async function setDocuments(
  io: CommandIo,
  clientId: string,
  policy: PolicyName,
  options: ChangeOptions,
): Promise<void> {
  const isSet = await withAudit(io, options, 'client.set-documents', ({ orm, recordChange }) =>
    setDocumentPolicy(orm, clientId, policies[policy], recordChange),
  );
  if (!isSet) throw unknownClient(clientId);
  print(io, options, { clientId, documents: policy }, 'Set. Takes effect within 10 s.');
}

async function endClient(io: CommandIo, clientId: string, options: ChangeOptions): Promise<void> {
  const result = await withAudit(io, options, 'client.revoke', ({ orm, recordChange }) =>
    revokeClient(orm, clientId, recordChange),
  );
  if (result === 'UNKNOWN') throw new Error(`Client ${clientId} does not exist.`);
  printRevocation(io, options, { clientId }, result);
}

async function endSecret(
  io: CommandIo,
  clientId: string,
  secretId: string,
  options: ChangeOptions,
): Promise<void> {
  const ended = await withAudit(io, options, 'client.revoke', ({ orm, recordChange }) =>
    revokeSecret(orm, clientId, secretId, recordChange),
  );
  if (!ended) throw new Error(`Client ${clientId} has no active secret ${secretId}.`);
  printRevocation(io, options, { clientId, secretId }, 'REVOKED');
}
