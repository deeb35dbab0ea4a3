import { type FastifyBaseLogger } from 'fastify';
import { type SignatureClaim } from '../../../dist/src/auth/signature-claim.js';
import { RequestRecord } from '../../../dist/src/observability/request-record.js';
import { type Decision } from '../../../dist/src/rate-limit/limiter.js';

/** Where the promises of one request come from. */
interface Sources {
  readonly log: FastifyBaseLogger;
  readonly signature: SignatureClaim;
  /** Takes a call from the client's limit. */
  readonly take: () => Decision;
}

/** What the promises of one request need. */
export class Call {
  readonly record = new RequestRecord();
  readonly log: FastifyBaseLogger;
  readonly #signature: SignatureClaim;
  readonly #take: () => Decision;
  /** The request itself takes a call, which its first root field uses. */
  readonly first: Decision;
  #isUnused = true;

  constructor({ log, signature, take }: Sources) {
    this.log = log;
    this.#signature = signature;
    this.#take = take;
    this.first = take();
  }

  /** Takes a call for a root field, none if the request itself is over the limit. */
  takeForField(): Decision {
    if (!this.#isUnused && this.first.allowed) return this.#take();
    this.#isUnused = false;
    return this.first;
  }

  /** Whether no mutation had this signature before. */
  claimSignature(): Promise<boolean> {
    return this.#signature.claim();
  }
}
