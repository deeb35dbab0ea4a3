import { AsyncLocalStorage } from 'node:async_hooks';

const currentClient = new AsyncLocalStorage<string | undefined>();

/** Runs `run` so that the statements it causes count against the share of this client; undefined: against nobody's. */
export function onBehalfOf<Result>(clientId: string | undefined, run: () => Result): Result {
  return currentClient.run(clientId, run);
}

/** The client on whose behalf the current code runs; undefined for work of the gateway itself. */
export const clientOfStatement = (): string | undefined => currentClient.getStore();
