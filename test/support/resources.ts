/// <reference lib="esnext.disposable" />
import { afterAll } from 'vitest';

/**
 * Resources that the tests of a `describe` block share. They are released after its tests, in reverse order, even if the
 * set-up failed halfway: a process or a connection that stays open would keep the run from ending.
 *
 * @example
 * const resources = sharedResources();
 * beforeAll(async () => {
 *   gateway = resources.adopt(await startTestGateway(), (it) => it.close());
 * });
 */
export function sharedResources(): AsyncDisposableStack {
  const resources = new AsyncDisposableStack();
  afterAll(() => resources.disposeAsync());
  return resources;
}
