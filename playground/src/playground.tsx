import { DOC_EXPLORER_PLUGIN, DocExplorerStore } from '@graphiql/plugin-doc-explorer';
import { HISTORY_PLUGIN, HistoryStore } from '@graphiql/plugin-history';
import { GraphiQLProvider } from '@graphiql/react';
import { GraphQLError } from 'graphql';
import { useMemo, useRef, useState } from 'react';
import type { PlaygroundSettings } from '../../src/playground/playground-routes.js';
import { type Exchange } from './exchange.js';
import { NOTHING_SEEN, seenIn } from './seen.js';
import { sendRequest } from './send-request.js';
import { PlaygroundContext, type PlaygroundState } from './playground-state.js';
import { type GraphQLRequest } from './request-body.js';
import { Workspace } from './workspace.js';

const NO_CREDENTIALS = { clientId: '', clientSecret: '', token: '' };

const plugins = [DOC_EXPLORER_PLUGIN, HISTORY_PLUGIN];

/** GraphiQL, with a header to choose examples and to set the credentials that every request is signed with. */
export function Playground({ settings }: { readonly settings: PlaygroundSettings }) {
  const [credentials, setCredentials] = useState(settings.demo ?? NO_CREDENTIALS);
  const [exchanges, setExchanges] = useState<PlaygroundState['exchanges']>({});
  const [seen, setSeen] = useState(NOTHING_SEEN);
  const activeTab = useRef('');

  // GraphiQL keeps the first fetcher that it gets, so the fetcher reads the current credentials.
  const current = useRef(credentials);
  current.current = credentials;
  const fetcher = useMemo(() => {
    const record = (tab: string, exchange: Exchange | null) => {
      setExchanges((others) => ({ ...others, [tab]: exchange }));
    };
    return async (request: GraphQLRequest) => {
      const tab = activeTab.current;
      const isIntrospection = request.operationName === 'IntrospectionQuery';
      try {
        const done = await sendRequest(current.current, settings.path, request);
        if (!isIntrospection || done.status !== 200) record(tab, done);
        setSeen((before) => seenIn(done, before));
        return done.result;
      } catch (error) {
        if (!isIntrospection) record(tab, null);
        return { errors: [new GraphQLError(error instanceof Error ? error.message : String(error))] };
      }
    };
  }, [settings.path]);

  const state = useMemo(
    () => ({ settings, credentials, setCredentials, exchanges, seen }),
    [settings, credentials, exchanges, seen],
  );
  return (
    <PlaygroundContext value={state}>
      <GraphiQLProvider
        fetcher={fetcher}
        plugins={plugins}
        referencePlugin={DOC_EXPLORER_PLUGIN}
        // A tab's storage, so that no customer data outlives the tab.
        storage={sessionStorage}
        defaultQuery=""
        shouldPersistHeaders={false}
      >
        <HistoryStore>
          <DocExplorerStore>
            <Workspace activeTab={activeTab} />
          </DocExplorerStore>
        </HistoryStore>
      </GraphiQLProvider>
    </PlaygroundContext>
  );
}
