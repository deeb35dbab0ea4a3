import { type AuthContext } from '../auth/auth-context.js';
import { type Turn } from '../concurrency/client-turns.js';
import { type ResponseBytes } from '../concurrency/response-bytes.js';
import { type CustomerRepository } from './customer-repository.js';

/** The part of the context of a request that the customers' resolvers use. */
export interface CustomerContext extends AuthContext {
  readonly customers: CustomerRepository;
  readonly response: ResponseBytes;
  /** Taken by requests that list customers; those with a large body have it already. */
  readonly heavyTurn: Turn;
}
