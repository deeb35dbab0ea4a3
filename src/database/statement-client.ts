import { AsyncLocalStorage } from 'node:async_hooks';

const currentClient = new AsyncLocalStorage<string | undefined>();

/** Runs `run`. Its statements count against this client's share of the connections. With `undefined` they count against no share. */
export function onBehalfOf<Result>(clientId: string | undefined, run: () => Result): Result {
  return currentClient.run(clientId, run);
}

/** The client on whose behalf the current code runs; undefined for work of the gateway itself. */
export const clientOfStatement = (): string | undefined => currentClient.getStore();
