import DataLoader from 'dataloader';
import { callerOf } from '../../auth/auth-context.js';
import { type CustomerContext } from '../customer-context.js';
import { limits } from '../limits.js';
import { type HistoryOf, type HistoryPage } from './read-events.js';

type Loader = DataLoader<HistoryOf, HistoryPage>;

/** The loaders of a request, by the limit of their pages. */
const loaders = new WeakMap<CustomerContext, Map<number, Loader>>();

/** Reads a page of a customer's history. The histories of a list are read in one statement for many customers. */
export function loadHistory(
  context: CustomerContext,
  { limit, ...key }: HistoryOf & { readonly limit: number },
): Promise<HistoryPage> {
  const ofRequest = loaders.get(context) ?? new Map<number, Loader>();
  loaders.set(context, ofRequest);
  const loader = ofRequest.get(limit) ?? newLoader(context, limit);
  ofRequest.set(limit, loader);
  return loader.load(key);
}

function newLoader(context: CustomerContext, limit: number): Loader {
  const { customers, response, heavyTurn } = context;
  return new DataLoader<HistoryOf, HistoryPage>(
    async (keys) => {
      await heavyTurn.take();
      const pages = await customers.history(callerOf(context).teamId, keys, limit, response.rowsLimit);
      response.addRows(pages.flatMap(({ events }) => events));
      return [...pages];
    },
    { cache: false, maxBatchSize: limits.pageSize },
  );
}
