/**
 * Thrown when the machine or its settings keep the gateway from starting. The message says what is
 * wrong and what to do about it; it is shown without a stack.
 */
export class StartError extends Error {
  override readonly name = 'StartError';
}
