import { useGraphiQL } from '@graphiql/react';
import { type Exchange } from './exchange.js';
import { usePlayground } from './playground-state.js';

/** ID of the open tab of the editor. */
export function useActiveTab(): string {
  return useGraphiQL(({ tabs, activeTabIndex }) => tabs[activeTabIndex]?.id ?? '');
}

/** The last exchange of the open tab: undefined before the first run, null if the last run has no response. */
export function useActiveExchange(): Exchange | null | undefined {
  const tab = useActiveTab();
  return usePlayground().exchanges[tab];
}
