import { setImmediate as nextTurn } from 'node:timers/promises';
import DataLoader from 'dataloader';
import { mapInTurns } from '../../concurrency/in-turns.js';
import { callerOf } from '../../auth/auth-context.js';
import { type CustomerContext } from '../customer-context.js';
import { limits } from '../limits.js';
import { type HistoryOf, type HistoryPage } from './read-events.js';

/** The loaders of a request, by the limit of their pages. */
const loaders = new WeakMap<CustomerContext, Map<number, HistoryLoader>>();

/** Reads a page of a customer's history. The histories of a list are read in one statement for many customers. */
export function loadHistory(
  context: CustomerContext,
  { limit, ...key }: HistoryOf & { readonly limit: number },
): Promise<HistoryPage> {
  const ofRequest = loaders.get(context) ?? new Map<number, HistoryLoader>();
  loaders.set(context, ofRequest);
  const loader = ofRequest.get(limit) ?? new HistoryLoader(context, limit);
  ofRequest.set(limit, loader);
  return loader.load(key);
}

class HistoryLoader {
  #loaded = 0;
  readonly #loader: DataLoader<HistoryOf, HistoryPage>;

  constructor(context: CustomerContext, limit: number) {
    const { customers, response, heavyTurn } = context;
    this.#loader = new DataLoader<HistoryOf, HistoryPage>(
      async (keys) => {
        await heavyTurn.take();
        const pages = await customers.history(callerOf(context).teamId, keys, limit, response.rowsLimit);
        return mapInTurns(pages, (page) => {
          response.addRows(page.events);
          return page;
        });
      },
      {
        cache: false,
        maxBatchSize: limits.pageSize,
        batchScheduleFn: (send) => void this.#whenComplete(send),
      },
    );
  }

  load(key: HistoryOf): Promise<HistoryPage> {
    this.#loaded += 1;
    return this.#loader.load(key);
  }

  /** A list gives its customers in several turns of the event loop: waits until a turn has added none. */
  async #whenComplete(send: () => void): Promise<void> {
    for (let before = -1; before < this.#loaded;) {
      before = this.#loaded;
      await nextTurn();
    }
    send();
  }
}
