import { type AuthContext, callerOf } from '../auth/auth-context.js';
import { type Turn } from '../concurrency/client-turns.js';
import { type ResponseBytes } from '../concurrency/response-bytes.js';
import { type CustomerRepository } from './customer-repository.js';
import { type ApiActor } from './events/actor.js';

/** The part of the context of a request that the customers' resolvers use. */
export interface CustomerContext extends AuthContext {
  readonly requestId: string;
  readonly customers: CustomerRepository;
  readonly response: ResponseBytes;
  /** Taken by requests that list customers; those with a large body have it already. */
  readonly heavyTurn: Turn;
}

/** The caller of a request as the actor of its changes. @throws {GraphQLError} `UNAUTHENTICATED` when it has none. */
export function actorOf(context: Pick<CustomerContext, 'authentication' | 'requestId'>): ApiActor {
  return { ...callerOf(context), requestId: context.requestId };
}
