import { type ReplayGuard } from './replay-guard.js';

/** The claim of one request to its signature, shared by all its fields. */
export class SignatureClaim {
  #isFirst: Promise<boolean> | undefined;
  #isReplay = false;

  constructor(
    private readonly guard: ReplayGuard,
    private readonly signature: string,
  ) {}

  /** Whether the signature was used before this request. Known after {@link claim}. */
  get isReplay(): boolean {
    return this.#isReplay;
  }

  /** Whether this request is the first with its signature. */
  async claim(): Promise<boolean> {
    this.#isFirst ??= this.guard.claim(this.signature);
    this.#isReplay = !(await this.#isFirst);
    return !this.#isReplay;
  }
}
