import { type FastifyBaseLogger } from 'fastify';
import { type RequestRecord } from './request-record.js';

/** What observability adds to the context of a request. */
export interface RecordContext {
  readonly requestId: string;
  readonly log: FastifyBaseLogger;
  readonly record: RequestRecord;
}
