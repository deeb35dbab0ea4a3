import { type MikroORM } from '@mikro-orm/postgresql';
import { type FastifyBaseLogger } from 'fastify';
import { z } from 'zod';
import { AccessToken } from './auth/access-token.entity.js';
import { hashToken, issueClient, issueToken } from './auth/issue-credentials.js';
import { createTeam } from './teams/teams.js';
import { type SecretBox } from './auth/secret-box.js';
import { readIfPresent, writePrivateFile } from './files/data-folder.js';
import { codeOf } from './errors/code-of.js';

const TOKEN_DAYS = 365;

/** Name of the demo client's team. */
export const DEMO_TEAM = 'Demo';

const credentials = z.object({
  url: z.string(),
  clientId: z.string(),
  clientSecret: z.string(),
  token: z.string(),
});

/** What a script needs to send a first request: the content of `demo.json`. */
export type DemoCredentials = z.output<typeof credentials>;

/**
 * Gives the demo credentials in `file`; on the first run, or if the database lost them, issues new ones. A file that cannot be
 * read is replaced, with a warning in the log.
 */
export async function ensureDemo(
  orm: MikroORM,
  box: SecretBox,
  file: string,
  url: string,
  log: FastifyBaseLogger,
): Promise<DemoCredentials> {
  const kept = await readKept(file, log);
  const demo = kept && (await stillWorks(orm, kept)) ? { ...kept, url } : await issue(orm, box, url);
  await writePrivateFile(file, `${JSON.stringify(demo, null, 2)}\n`);
  return demo;
}

async function readKept(file: string, log: FastifyBaseLogger): Promise<DemoCredentials | undefined> {
  try {
    const text = await readIfPresent(file);
    return text === undefined ? undefined : credentials.parse(JSON.parse(text));
  } catch (error) {
    // Without the error: one of the parser quotes the file.
    log.warn({ file, code: codeOf(error) }, 'cannot read the demo credentials; creating new ones');
    return undefined;
  }
}

async function issue(orm: MikroORM, box: SecretBox, url: string): Promise<DemoCredentials> {
  const teamId = await createTeam(orm, DEMO_TEAM);
  const client = await issueClient(orm, box, 'Demo');
  const { token } = await issueToken(orm, { clientId: client.clientId, teamId, days: TOKEN_DAYS });
  return { url, ...client, token };
}

async function stillWorks(orm: MikroORM, { clientId, token }: DemoCredentials): Promise<boolean> {
  const found = await orm.em.fork().count(AccessToken, {
    hash: hashToken(token),
    client: { id: clientId, revokedAt: null },
    revokedAt: null,
    expiresAt: { $gt: new Date() },
  });
  return found === 1;
}
