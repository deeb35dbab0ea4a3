import { type MikroORM } from '@mikro-orm/postgresql';
import { type RecordChange } from '../audit/record-change.js';
import { Team } from './team.entity.js';

/** Creates a team and returns its ID. */
export async function createTeam(orm: MikroORM, name: string, recordChange?: RecordChange): Promise<string> {
  return orm.em.fork().transactional(async (em) => {
    const team = em.create(Team, { name });
    await em.flush();
    await recordChange?.(em, { teamId: team.id });
    return team.id;
  });
}

/** Whether there is a team with this id, which must be a UUID. */
export async function teamExists(orm: MikroORM, teamId: string): Promise<boolean> {
  return (await orm.em.fork().count(Team, { id: teamId })) > 0;
}

/** The newest teams, at most `limit`. */
export function listTeams(orm: MikroORM, limit: number): Promise<Team[]> {
  return orm.em.fork().find(Team, {}, { orderBy: { createdAt: 'desc', id: 'desc' }, limit });
}
