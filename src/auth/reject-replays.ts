import { type AuthContext } from './auth-context.js';
import { unauthenticated } from './authentication-failure.js';

/**
 * Checks that the signature of a mutation was not used before. Runs before the rate limit, so that a recorded mutation that
 * returned `RateLimited` cannot be replayed later. Per window, a client adds at most one signature for each allowed root
 * field and as many again for refused requests.
 *
 * @throws {GraphQLError} `UNAUTHENTICATED` when it was.
 */
export async function rejectReplays({ signature }: Pick<AuthContext, 'signature'>): Promise<void> {
  if (!(await signature.claim())) throw unauthenticated({ reason: 'SIGNATURE_REPLAYED' });
}
