import { randomUUID } from 'node:crypto';
import { type ApiActor } from '../../src/customers/events/actor.js';

/** A caller of a team in a request of its own. The client need not exist, unless the call has an idempotency key. */
export const newActor = (teamId: string, clientId: string = randomUUID()): ApiActor => ({
  clientId,
  teamId,
  tokenId: randomUUID(),
  requestId: randomUUID(),
});
