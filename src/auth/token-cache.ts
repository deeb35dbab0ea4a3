import { type MikroORM } from '@mikro-orm/postgresql';
import { LRUCache } from 'lru-cache';
import { numberParameters } from '../database/statement.js';
import { findTokenStatement } from './find-token.statement.js';
import { hashToken, TOKEN_PREFIX } from './issue-credentials.js';
import { ALL_SCOPES, type GrantedScopes, isScope } from './scopes.js';

/** How long an entry is used, in ms: a revoked token is rejected within this time. */
const MAX_AGE_MS = 5_000;
const MAX_TOKENS = 10_000;

/** The client, team and scopes of a token, and its validity. */
export interface TokenGrant {
  readonly clientId: string;
  readonly teamId: string;
  /** Null for a token of an external issuer. */
  readonly tokenId: string | null;
  readonly scopes: GrantedScopes;
  readonly expiresAt: Date;
  readonly revoked: boolean;
}

/** Looks up a token. Returns undefined if it is not a valid token. */
export type ReadGrant = (token: string) => Promise<TokenGrant | undefined>;

/**
 * Caches the grants of tokens for some seconds, including unknown tokens. The gateway's own tokens are looked up by their
 * hash. If an issuer is configured, any other token is read as a JWT of that issuer.
 */
export class TokenCache {
  readonly #answers: LRUCache<string, { readonly grant: TokenGrant | undefined }, string>;

  /** @param readJwt - undefined if no issuer is configured. */
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

  /** Returns the grant of a token, or undefined if it was never issued. */
  async get(token: string): Promise<TokenGrant | undefined> {
    const answer = await this.#answers.fetch(hashToken(token).toString('base64'), { context: token });
    return answer?.grant;
  }
}

interface TokenRow {
  readonly id: string;
  readonly clientId: string;
  readonly teamId: string;
  readonly scopes: readonly string[] | null;
  readonly expiresAt: string;
  readonly revoked: boolean;
}

const bindFind = numberParameters(findTokenStatement);

async function findGrant(orm: MikroORM, hash: Buffer): Promise<TokenGrant | undefined> {
  const pool = await orm.em.getConnection().getNativeClient();
  const { rows } = await pool.query<TokenRow>(bindFind({ hash }));
  const [row] = rows;
  if (!row) return undefined;
  return {
    clientId: row.clientId,
    teamId: row.teamId,
    tokenId: row.id,
    scopes: row.scopes ? new Set(row.scopes.filter(isScope)) : ALL_SCOPES,
    expiresAt: new Date(row.expiresAt),
    revoked: row.revoked,
  };
}
