import { type MikroORM } from '@mikro-orm/postgresql';
import { ApiClient } from '../../src/auth/api-client.entity.js';
import { newSecret, newToken } from '../../src/auth/issue-credentials.js';
import { type SecretBox } from '../../src/auth/secret-box.js';
import { Team } from '../../src/teams/team.entity.js';
import { SignedClient } from './signed-client.js';

/** A partner app that acts for a team of its own. */
export type Partner = SignedClient & { readonly teamId: string };

/** Makes partners of the gateway at `url`, with one statement for each table. */
export async function issuePartners(
  orm: MikroORM,
  box: SecretBox,
  url: string,
  names: readonly string[],
): Promise<Partner[]> {
  const em = orm.em.fork();
  const partners = names.map((name) => {
    const team = em.create(Team, { name: `Team of ${name}` });
    const client = em.create(ApiClient, { name });
    const clientSecret = newSecret(em, box, client);
    const { token } = newToken(em, client, team, 1);
    const credentials = { clientId: client.id, clientSecret, token };
    return Object.assign(new SignedClient(url, credentials), { teamId: team.id });
  });
  await em.flush();
  return partners;
}

/** Makes one. */
export async function issuePartner(
  orm: MikroORM,
  box: SecretBox,
  url: string,
  name: string,
): Promise<Partner> {
  const [partner] = await issuePartners(orm, box, url, [name]);
  if (!partner) throw new Error('No partner was made');
  return partner;
}
