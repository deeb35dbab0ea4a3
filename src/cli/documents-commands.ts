import { type Command } from 'commander';
import { clientIsActive } from '../auth/list-credentials.js';
import { limits } from '../documents/limits.js';
import { listPublishedDocuments } from '../documents/list-published-documents.js';
import { removeDocuments } from '../documents/remove-documents.js';
import { idArgument } from './arguments.js';
import { audited, type AuditOptions } from './audited.js';
import { type CommandIo } from './command-io.js';
import {
  answers,
  answersWithList,
  type ListOptions,
  type OutputOptions,
  print,
  printList,
} from './output.js';
import { withAudit, withDatabase } from './session.js';
import { unknownClient } from './unknown-client.js';

interface ClientOption {
  readonly client: string;
}

/** Published documents of clients. */
export function addDocumentsCommands(program: Command, io: CommandIo): void {
  const documents = program
    .command('documents')
    .description('manage the published documents of clients (trusted documents)');

  withClient(audited(answers(documents.command('publish'))))
    .description(
      'publish the documents of a manifest (graphql-codegen, Apollo or Relay); nothing is published if one of them is not valid',
    )
    .argument(
      '<file>',
      `manifest, at most ${limits.manifestBytes} bytes and ${limits.manifestDocuments} documents; - for standard input`,
    )
    .action(async (file: string, options: OutputOptions & AuditOptions & ClientOption) => {
      const { publishManifest } = await import('./publish-manifest.js');
      await publishManifest(io, file, options.client, options);
    });

  withClient(answersWithList(documents.command('list')))
    .description('list the published documents of a client, those published last first')
    .action((options: ListOptions & ClientOption) => list(io, options));

  withClient(audited(answers(documents.command('remove'))))
    .description('remove published documents of a client')
    .argument('<ids...>', 'document IDs')
    .action((ids: string[], options: OutputOptions & AuditOptions & ClientOption) =>
      remove(io, ids, options),
    );
}

function withClient(command: Command): Command {
  return command.requiredOption('--client <id>', 'client ID', idArgument);
}

async function list(
  io: CommandIo,
  { client: clientId, ...options }: ListOptions & ClientOption,
): Promise<void> {
  const listed = await withDatabase(io, async ({ orm }) => {
    if (!(await clientIsActive(orm, clientId))) throw unknownClient(clientId);
    return listPublishedDocuments(await orm.em.getConnection().getNativeClient(), clientId);
  });
  const rows = listed
    .slice(0, options.limit)
    .map(({ id, operationNames, bytes, publishedAt }) => ({ id, operationNames, bytes, publishedAt }));
  printList(io, options, rows, ({ id, operationNames, bytes, publishedAt }) => ({
    'DOCUMENT ID': id,
    BYTES: String(bytes),
    PUBLISHED: publishedAt.toISOString(),
    OPERATIONS: operationNames.join(', '),
  }));
}

async function remove(
  io: CommandIo,
  ids: readonly string[],
  { client: clientId, ...options }: OutputOptions & AuditOptions & ClientOption,
): Promise<void> {
  const removal = await withAudit(io, options, 'documents.remove', ({ orm, recordChange }) =>
    removeDocuments(orm, clientId, ids, recordChange),
  );
  if (!removal) throw unknownClient(clientId);
  const { removed, unknown } = removal;
  print(
    io,
    options,
    { clientId, ...removal },
    `Removed ${removed.length}. Gateways reject them within 10 s.`,
  );
  if (unknown.length > 0) throw new Error(`The client has no document ${unknown.join(', ')}.`);
}
