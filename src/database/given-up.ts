/** A connection, or a place in the queue for one, that was given up; `code` as in Node's own errors. */
export class GivenUp extends Error {
  constructor(
    readonly code: 'ETIMEDOUT' | 'POOL_EXHAUSTED',
    message: string,
  ) {
    super(message);
  }
}
