import { type FastifyBaseLogger } from 'fastify';
import { type Authentication, type Caller } from '../auth/authenticate.js';
import { unauthenticated } from '../auth/refusal.js';
import { type SignatureUse } from '../auth/signature-use.js';
import { type Turn } from '../concurrency/client-turns.js';
import { type CustomerStore } from '../customers/customer-store.js';
import { type RequestRecord } from '../observability/request-record.js';
import { type RequestLimit } from '../rate-limit/request-limit.js';
import { type ResponseBytes } from '../concurrency/response-bytes.js';

/** What a resolver knows of the request it serves. */
export interface GatewayContext {
  readonly authentication: Authentication;
  readonly signature: SignatureUse;
  readonly requestId: string;
  readonly log: FastifyBaseLogger;
  readonly limit: RequestLimit;
  readonly record: RequestRecord;
  readonly response: ResponseBytes;
  /** Taken by requests that list customers; those with a large body have it already. */
  readonly heavyTurn: Turn;
  readonly customers: CustomerStore;
}

/** The caller of an authenticated request. @throws {GraphQLError} `UNAUTHENTICATED` when it is not. */
export function callerOf(context: GatewayContext): Caller {
  if ('refusal' in context.authentication) throw unauthenticated(context.authentication.refusal);
  return context.authentication.caller;
}
