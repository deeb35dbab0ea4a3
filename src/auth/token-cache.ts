import { type MikroORM } from '@mikro-orm/postgresql';
import { LRUCache } from 'lru-cache';
import { AccessToken } from './access-token.entity.js';
import { hashToken, TOKEN_PREFIX } from './issue-credentials.js';

/** How long an answer may be used: a revoked token stops within this time. */
const MAX_AGE_MS = 5_000;
const MAX_TOKENS = 10_000;

/** What a token grants. */
export interface TokenGrant {
  readonly clientId: string;
  readonly teamId: string;
  readonly expiresAt: Date;
  readonly revoked: boolean;
}

/** Finds out what a token grants; undefined when it is none. */
export type ReadGrant = (token: string) => Promise<TokenGrant | undefined>;

/**
 * What tokens grant, in memory for some seconds, also that a token is none. Our own are looked up by their hash; with an
 * issuer configured, any other is a JWT of that issuer.
 */
export class TokenCache {
  readonly #answers: LRUCache<string, { readonly grant: TokenGrant | undefined }, string>;

  /** @param readJwt - absent when no issuer is configured. */
  constructor(orm: MikroORM, readJwt?: ReadGrant) {
    this.#answers = new LRUCache({
      max: MAX_TOKENS,
      ttl: MAX_AGE_MS,
      fetchMethod: async (hash, _stale, { context: token }) => ({
        grant:
          readJwt && !token.startsWith(TOKEN_PREFIX)
            ? await readJwt(token)
            : await findGrant(orm, Buffer.from(hash, 'base64')),
      }),
    });
  }

  /** What a token grants, or undefined when it was never issued. */
  async get(token: string): Promise<TokenGrant | undefined> {
    const answer = await this.#answers.fetch(hashToken(token).toString('base64'), { context: token });
    return answer?.grant;
  }
}

async function findGrant(orm: MikroORM, hash: Buffer): Promise<TokenGrant | undefined> {
  const row = await orm.em.fork().findOne(AccessToken, { hash });
  if (!row) return undefined;
  return {
    clientId: row.client.id,
    teamId: row.team.id,
    expiresAt: row.expiresAt,
    revoked: row.revokedAt !== null,
  };
}
