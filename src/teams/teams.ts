import { type MikroORM } from '@mikro-orm/postgresql';
import { Team } from './team.entity.js';

/** Whether there is a team with this id, which must be a UUID. */
export async function teamExists(orm: MikroORM, teamId: string): Promise<boolean> {
  return (await orm.em.fork().count(Team, { id: teamId })) > 0;
}

/** The newest teams, at most `limit`. */
export function listTeams(orm: MikroORM, limit: number): Promise<Team[]> {
  return orm.em.fork().find(Team, {}, { orderBy: { createdAt: 'desc', id: 'desc' }, limit });
}
