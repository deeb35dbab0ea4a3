import { type Command } from 'commander';
import { listAuditEntries, type ListedEntry } from '../audit/list-audit-entries.js';
import { limits } from '../audit/limits.js';
import { idArgument, shortArgument, timeArgument } from './arguments.js';
import { type CommandIo } from './command-io.js';
import { answersWithList, type ListOptions, printList } from './output.js';
import { withDatabase } from './session.js';

interface FilterOptions extends ListOptions {
  readonly since?: Date;
  readonly action?: string;
  readonly team?: string;
  readonly client?: string;
  readonly target?: string;
}

const HELP = `
Examples:
  customer-gateway audit --since 2026-01-01T00:00:00Z --json
  customer-gateway audit --action client.revoke
  customer-gateway audit --client ID`;

/** The audit log of operators. */
export function addAuditCommand(program: Command, io: CommandIo): void {
  answersWithList(program.command('audit'))
    .description('list what operators changed, newest first')
    .option('--since <time>', 'list only changes since this ISO 8601 time', timeArgument)
    .option(
      '--action <action>',
      'list only this command, its words joined by a period, or all commands of a group, such as client',
      shortArgument(limits.actionLength),
    )
    .option('--team <id>', 'list only changes of this team', idArgument)
    .option('--client <id>', 'list only changes of this client', idArgument)
    .option(
      '--target <id>',
      'list only changes with this ID, of a team, client, token, secret, endpoint, delivery, document or import',
      shortArgument(limits.textLength),
    )
    .addHelpText('after', HELP)
    .action((options: FilterOptions) => list(io, options));
}

async function list(
  io: CommandIo,
  { since, action, team: teamId, client: clientId, target, ...options }: FilterOptions,
): Promise<void> {
  const filter = { since, action, teamId, clientId, target };
  const entries = await withDatabase(io, ({ orm }) => listAuditEntries(orm, filter, options.limit));
  const rows = entries.map((entry) => ({ ...entry }));
  printList(io, options, rows, (entry) => ({
    TIME: entry.createdAt.toISOString(),
    OPERATOR: entry.operator,
    ACTION: entry.action,
    TARGET: targetOf(entry),
    FROM: `${entry.account}@${entry.host}${entry.clientAddress === null ? '' : ` via ${entry.clientAddress}`}`,
  }));
}

function targetOf({ teamId, clientId, details }: ListedEntry): string {
  const parts = Object.entries({
    ...(teamId !== null && { teamId }),
    ...(clientId !== null && { clientId }),
    ...details,
  });
  return parts.map(([name, value]) => `${name}=${value}`).join(' ');
}
