import { type Command } from 'commander';
import { createTeam } from '../teams/teams.js';
import { listTeams } from '../teams/teams.js';
import { nameArgument } from './arguments.js';
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

/** Teams, the owners of customers. */
export function addTeamCommands(program: Command, io: CommandIo): void {
  const team = program.command('team').description('manage teams; a team owns customers');

  audited(answers(team.command('create')))
    .description('create a team')
    .argument('<name>', 'name of the team', nameArgument)
    .action(async (name: string, options: OutputOptions & AuditOptions) => {
      const teamId = await withAudit(io, options, 'team.create', ({ orm, recordChange }) =>
        createTeam(orm, name, recordChange),
      );
      print(io, options, { teamId }, `team id  ${teamId}`);
    });

  answersWithList(team.command('list').description('list teams, newest first')).action(
    async (options: ListOptions) => {
      const teams = await withDatabase(io, ({ orm }) => listTeams(orm, options.limit));
      const rows = teams.map(({ id, name, createdAt }) => ({ teamId: id, name, createdAt }));
      printList(io, options, rows, ({ teamId, name, createdAt }) => ({
        'TEAM ID': teamId,
        NAME: name,
        CREATED: createdAt.toISOString(),
      }));
    },
  );
}
