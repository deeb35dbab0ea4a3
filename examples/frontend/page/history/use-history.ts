import { useEffect, useState } from 'react';
import {
  CustomerHistoryDocument,
  type CustomerHistoryQuery,
  type HistoryEventFragment,
} from '../../generated/graphql';
import { execute, type Result } from '../execute';

/** Loads a customer's history page by page, latest first. */
export function useHistory(uuid: string) {
  const [events, setEvents] = useState<readonly HistoryEventFragment[]>([]);
  const [request, setRequest] = useState<{ readonly after: string | null }>({ after: null });
  const [result, setResult] = useState<Result<CustomerHistoryQuery>>();

  useEffect(() => {
    const controller = new AbortController();
    const add = (loaded: Result<CustomerHistoryQuery>) => {
      setResult(loaded);
      if ('data' in loaded) setEvents((now) => [...now, ...(loaded.data.customer?.history.nodes ?? [])]);
    };
    execute(CustomerHistoryDocument, { uuid, after: request.after }, controller.signal).then(add, () => {
      // Aborted, because the history was closed.
    });
    return () => {
      controller.abort();
    };
  }, [uuid, request]);

  const page = result && 'data' in result ? result.data.customer?.history.pageInfo : undefined;
  return {
    /** The events of all pages loaded so far. */
    events,
    /** The result of the latest request, or `undefined` while it loads. */
    result,
    hasMore: page?.hasNextPage ?? false,
    /** Loads the next page, or repeats the request if it failed. */
    load: () => {
      setResult(undefined);
      setRequest({ after: page?.endCursor ?? request.after });
    },
  };
}
