import { type Turn } from '../../concurrency/client-turns.js';
import { type ResponseBytes } from '../../concurrency/response-bytes.js';
import { type CustomerRepository } from '../customer-repository.js';

/** The customers of a list, and the limits of a request that reads them. */
export interface ListSource {
  readonly customers: CustomerRepository;
  readonly teamId: string;
  readonly response: ResponseBytes;
  /** Taken before the first statement of a request. */
  readonly turn: Turn;
}
