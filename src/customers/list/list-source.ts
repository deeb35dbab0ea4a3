import { type Turn } from '../../concurrency/client-turns.js';
import { type ResponseBytes } from '../../concurrency/response-bytes.js';
import { type CustomerRepository } from '../customer-repository.js';

/** Where a list reads its customers, and what bounds their bytes and how many requests of a client do so at once. */
export interface ListSource {
  readonly customers: CustomerRepository;
  readonly teamId: string;
  readonly response: ResponseBytes;
  /** Taken before the first statement of a request. */
  readonly turn: Turn;
}
