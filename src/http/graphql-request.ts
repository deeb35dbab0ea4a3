import { type FastifyInstance } from 'fastify';
import { type Caller } from '../auth/authenticate.js';
import { type Credentials } from '../auth/credentials.js';
import { type Turn } from '../concurrency/client-turns.js';
import { type ResponseBytes } from '../concurrency/response-bytes.js';
import { type RequestRecord } from '../observability/request-record.js';
import { type RequestLimit } from '../rate-limit/request-limit.js';
import { type DeclaredBody } from './parse-body.js';

/** A request to the GraphQL endpoint whose headers have been accepted. */
export interface AdmittedRequest {
  readonly credentials: Credentials;
  readonly declaredBody: DeclaredBody;
  /** The memory that its response takes up. */
  readonly response: ResponseBytes;
  /** Its turn, if it is a heavy request. */
  readonly heavyTurn: Turn;
}

declare module 'fastify' {
  interface FastifyRequest {
    admitted: AdmittedRequest | undefined;
    /** Set once the token is verified. */
    caller: Caller | undefined;
    /** Set once the signature is verified. */
    limit: RequestLimit | undefined;
    /** Set when the request is executed. */
    record: RequestRecord | undefined;
  }
}

/** Adds the properties of GraphQL requests to the requests of an app. */
export function decorateRequests(app: FastifyInstance): void {
  for (const property of ['admitted', 'caller', 'limit', 'record']) app.decorateRequest(property, undefined);
}
