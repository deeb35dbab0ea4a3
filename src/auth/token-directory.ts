import { type MikroORM } from '@mikro-orm/postgresql';
import { LRUCache } from 'lru-cache';
import { AccessToken } from './access-token.entity.js';
import { hashToken } from './issue-credentials.js';

/** How long an answer may be used: a revoked token stops within this time. */
const MAX_AGE_MS = 5_000;
const MAX_TOKENS = 10_000;

/** What the database says of a token. */
export interface TokenGrant {
  readonly clientId: string;
  readonly teamId: string;
  readonly expiresAt: Date;
  readonly revoked: boolean;
}

/** Looks tokens up by their hash and remembers the answers, also that there is no such token. */
export class TokenDirectory {
  readonly #answers: LRUCache<string, { readonly grant: TokenGrant | undefined }>;

  constructor(orm: MikroORM) {
    this.#answers = new LRUCache({
      max: MAX_TOKENS,
      ttl: MAX_AGE_MS,
      fetchMethod: async (hash) => ({ grant: await readGrant(orm, Buffer.from(hash, 'base64')) }),
    });
  }

  /** What a token grants, or undefined when it was never issued. */
  async grantOf(token: string): Promise<TokenGrant | undefined> {
    const answer = await this.#answers.fetch(hashToken(token).toString('base64'));
    return answer?.grant;
  }
}

async function readGrant(orm: MikroORM, hash: Buffer): Promise<TokenGrant | undefined> {
  const row = await orm.em.fork().findOne(AccessToken, { hash });
  if (!row) return undefined;
  return {
    clientId: row.client.id,
    teamId: row.team.id,
    expiresAt: row.expiresAt,
    revoked: row.revokedAt !== null,
  };
}
