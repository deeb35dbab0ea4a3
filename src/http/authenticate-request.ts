import { type FastifyReply, type FastifyRequest } from 'fastify';
import { authorizeToken, type Caller, verifyRequest } from '../auth/authenticate.js';
import { unauthenticated } from '../auth/authentication-failure.js';
import { type GrantedScopes } from '../auth/scopes.js';
import { type ClientCache, type KnownClient } from '../auth/client-cache.js';
import { type TokenCache } from '../auth/token-cache.js';
import { onBehalfOf } from '../database/statement-client.js';
import { type ClientLimits } from '../rate-limit/client-limits.js';
import { type RequestLimit } from '../rate-limit/request-limit.js';
import { sendTooManyRequests } from './admit-request.js';
import { type AdmittedRequest } from './graphql-request.js';
import { readTarget } from './request-target.js';
import { sendError } from './send-error.js';

/** Dependencies of authentication. */
export interface Authenticator {
  readonly clients: ClientCache;
  readonly tokens: TokenCache;
  readonly limits: ClientLimits;
}

/** The caller of a request, the scopes of its token, and the state of its rate limit. */
export interface AuthenticatedRequest {
  readonly caller: Caller;
  readonly scopes: GrantedScopes;
  readonly client: KnownClient;
  readonly limit: RequestLimit;
}

/**
 * Verifies the signature of a request over its whole body, takes its call from the client's limit, and verifies its token. In
 * this order, an unauthenticated request costs no query and cannot use up a client's calls.
 *
 * @returns undefined when the response, 401 or 429, has been sent.
 */
export async function authenticateRequest(
  { clients, tokens, limits }: Authenticator,
  request: FastifyRequest,
  reply: FastifyReply,
  { credentials }: AdmittedRequest,
  body: Buffer,
): Promise<AuthenticatedRequest | undefined> {
  const { clientId } = credentials;
  const { path } = readTarget(request.raw.url ?? '');
  const verified = await verifyRequest(clients, credentials, { method: request.method, path, body });
  if ('failure' in verified) {
    sendError(reply, unauthenticated(verified.failure));
    return undefined;
  }
  const limit = await limits.begin(clientId);
  request.limit = limit;
  if (limit.isRefused && limits.refusalOf(clientId)) {
    sendTooManyRequests(reply, limit.tightest);
    return undefined;
  }
  const authorized = await onBehalfOf(clientId, () => authorizeToken(tokens, credentials));
  if ('failure' in authorized) {
    sendError(reply, unauthenticated(authorized.failure));
    return undefined;
  }
  const { caller, scopes } = authorized;
  request.caller = caller;
  return { caller, scopes, client: verified.client, limit };
}
