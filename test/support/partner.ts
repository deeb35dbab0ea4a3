import { type MikroORM } from '@mikro-orm/postgresql';
import { createTeam, issueClient, issueToken } from '../../src/auth/issue-credentials.js';
import { type SecretBox } from '../../src/auth/secret-box.js';
import { SignedClient } from './signed-client.js';

/** A partner app that acts for a team of its own. */
export type Partner = SignedClient & { readonly teamId: string };

/** Makes a partner of the gateway at `url`. */
export async function issuePartner(
  orm: MikroORM,
  box: SecretBox,
  url: string,
  name: string,
): Promise<Partner> {
  const teamId = await createTeam(orm, `Team of ${name}`);
  const client = await issueClient(orm, box, name);
  const { token } = await issueToken(orm, { clientId: client.clientId, teamId, days: 1 });
  return Object.assign(new SignedClient(url, { ...client, token }), { teamId });
}
