import { text } from 'node:stream/consumers';
import { type Command } from 'commander';
import { validate } from 'uuid';
import { issueToken } from '../auth/issue-credentials.js';
import { clientIsActive, listTokens } from '../auth/list-credentials.js';
import { revokeToken } from '../auth/revoke-credentials.js';
import { type Scope, scopes as allScopes } from '../auth/scopes.js';
import { teamExists } from '../teams/teams.js';
import { idArgument, numberArgument, scopesArgument } from './arguments.js';
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

const DEFAULT_DAYS = 90;
const MAX_DAYS = 3_650;

interface IssueOptions extends OutputOptions, AuditOptions {
  readonly client: string;
  readonly team: string;
  readonly days: number;
  readonly scope?: readonly Scope[];
}

interface FilterOptions extends ListOptions {
  readonly client?: string;
  readonly team?: string;
}

/** Tokens, each of which lets one client act for one team. */
export function addTokenCommands(program: Command, io: CommandIo): void {
  const token = program
    .command('token')
    .description('manage tokens; a token lets one client act for one team');

  audited(answers(token.command('issue')))
    .description('issue a token; it is printed only once')
    .requiredOption('--client <id>', 'client ID', idArgument)
    .requiredOption('--team <id>', 'team ID', idArgument)
    .option('--days <number>', 'days until the token expires', numberArgument(1, MAX_DAYS), DEFAULT_DAYS)
    .option(
      '--scope <scopes>',
      `what the token allows, separated by commas or in repeated options: ${allScopes.join(', ')}; by default everything`,
      scopesArgument,
    )
    .action((options: IssueOptions) => issue(io, options));

  answersWithList(token.command('list').description('list tokens, newest first'))
    .option('--client <id>', 'list only tokens of this client', idArgument)
    .option('--team <id>', 'list only tokens of this team', idArgument)
    .action((options: FilterOptions) => list(io, options));

  audited(answers(token.command('revoke')))
    .description('revoke a token')
    .argument(
      '<token>',
      'token ID, or the token itself; - reads the token from stdin, so that other processes cannot see it',
    )
    .action((which: string, options: OutputOptions & AuditOptions) => revoke(io, which, options));
}

async function issue(
  io: CommandIo,
  { client: clientId, team: teamId, days, scope, ...options }: IssueOptions,
): Promise<void> {
  const issued = await withAudit(io, options, 'token.issue', async ({ orm, recordChange }) => {
    if (!(await clientIsActive(orm, clientId))) {
      throw unknownClient(clientId);
    }
    if (!(await teamExists(orm, teamId))) throw new Error(`Team ${teamId} does not exist.`);
    return issueToken(orm, { clientId, teamId, days, scopes: scope }, recordChange);
  });
  print(
    io,
    options,
    { ...issued, scopes: scope ?? allScopes },
    `token id  ${issued.tokenId}\ntoken     ${issued.token}\nscopes    ${scopeText(scope)}`,
  );
}

async function list(io: CommandIo, { client, team, ...options }: FilterOptions): Promise<void> {
  const tokens = await withDatabase(io, ({ orm }) =>
    listTokens(orm, { clientId: client, teamId: team }, options.limit),
  );
  const rows = tokens.map((token) => ({
    tokenId: token.id,
    clientId: token.client.id,
    teamId: token.team.id,
    createdAt: token.createdAt,
    expiresAt: token.expiresAt,
    revokedAt: token.revokedAt,
    scopes: token.scopes ?? allScopes,
  }));
  printList(io, options, rows, ({ tokenId, clientId, teamId, expiresAt, revokedAt, scopes }) => ({
    'TOKEN ID': tokenId,
    'CLIENT ID': clientId,
    'TEAM ID': teamId,
    EXPIRES: expiresAt.toISOString(),
    STATE: stateOf(expiresAt, revokedAt),
    SCOPES: scopeText(scopes),
  }));
}

function scopeText(scopes: readonly string[] = allScopes): string {
  return scopes.length === allScopes.length ? 'all' : scopes.join(', ');
}

function stateOf(expiresAt: Date, revokedAt: Date | null): string {
  if (revokedAt) return 'revoked';
  return expiresAt.getTime() <= Date.now() ? 'expired' : 'active';
}

async function revoke(io: CommandIo, argument: string, options: OutputOptions & AuditOptions): Promise<void> {
  const which = argument === '-' ? (await text(io.stdin)).trim() : argument;
  const result = await withAudit(io, options, 'token.revoke', ({ orm, recordChange }) =>
    revokeToken(orm, validate(which) ? { id: which } : { token: which }, recordChange),
  );
  if (result === 'UNKNOWN') throw new Error('The token does not exist.');
  printRevocation(io, options, {}, result);
}
