import { hash, randomBytes } from 'node:crypto';
import { type EntityManager, ref, type MikroORM } from '@mikro-orm/postgresql';
import { type RecordChange } from '../audit/record-change.js';
import { Team } from '../teams/team.entity.js';
import { AccessToken } from './access-token.entity.js';
import { ApiClient } from './api-client.entity.js';
import { ClientSecret } from './client-secret.entity.js';
import { DocumentPolicy } from './document-policy.js';
import { type Scope } from './scopes.js';
import { type SecretBox } from './secret-box.js';

const RANDOM_BYTES = 32;
const MS_PER_DAY = 86_400_000;

/** The prefix of every token issued by the gateway. */
export const TOKEN_PREFIX = 'cgt_';

/** A new client. The secret is returned only once; the database stores its ciphertext. */
export interface IssuedClient {
  readonly clientId: string;
  readonly clientSecret: string;
}

/** A new token. It is returned only once; the database stores its hash. */
export interface IssuedToken {
  readonly tokenId: string;
  readonly token: string;
}

/** The form in which a token is stored and looked up: its SHA-256. 256 random bits need no salt. */
export function hashToken(token: string): Buffer {
  return hash('sha256', token, 'buffer');
}

/** Creates a client with a random secret. */
export async function issueClient(
  orm: MikroORM,
  box: SecretBox,
  name: string,
  documentPolicy = DocumentPolicy.ANY,
  recordChange?: RecordChange,
): Promise<IssuedClient> {
  return orm.em.fork().transactional(async (em) => {
    const client = em.create(ApiClient, { name, documentPolicy });
    const clientSecret = newSecret(em, box, client);
    await em.flush();
    await recordChange?.(em, { clientId: client.id });
    return { clientId: client.id, clientSecret };
  });
}

/** Creates a new current secret for a client, stored when `em` is flushed. The prefix lets secret scanners find leaks. */
export function newSecret(em: EntityManager, box: SecretBox, client: ApiClient): string {
  const secret = `cgs_${randomBytes(RANDOM_BYTES).toString('base64url')}`;
  em.create(ClientSecret, { client: ref(client), ...box.seal(secret, client.id) });
  return secret;
}

/** Lets a client act for a team for a number of days, with some scopes or, by default, all. */
export async function issueToken(
  orm: MikroORM,
  grant: { clientId: string; teamId: string; days: number; scopes?: readonly Scope[] | undefined },
  recordChange?: RecordChange,
): Promise<IssuedToken> {
  const { clientId, teamId, days, scopes } = grant;
  return orm.em.fork().transactional(async (em) => {
    const client = em.getReference(ApiClient, clientId);
    const issued = newToken(em, client, em.getReference(Team, teamId), days, scopes);
    await em.flush();
    const details = { tokenId: issued.tokenId, days, ...(scopes && { scopes }) };
    await recordChange?.(em, { clientId, teamId, details });
    return issued;
  });
}

/** Creates a token for a client, stored when `em` is flushed. */
export function newToken(
  em: EntityManager,
  client: ApiClient,
  team: Team,
  days: number,
  scopes?: readonly Scope[],
): IssuedToken {
  const token = `${TOKEN_PREFIX}${randomBytes(RANDOM_BYTES).toString('base64url')}`;
  const { id } = em.create(AccessToken, {
    client: ref(client),
    team: ref(team),
    hash: hashToken(token),
    scopes: scopes ? [...scopes] : null,
    expiresAt: new Date(Date.now() + days * MS_PER_DAY),
  });
  return { tokenId: id, token };
}
