import { GraphiQL } from 'graphiql';
import { GraphQLError } from 'graphql';
import { useMemo, useRef, useState } from 'react';
import type { PlaygroundSettings } from '../../src/playground/playground-routes.js';
import { AnswerBar } from './answer-bar.js';
import { customerIn, NOBODY } from './examples.js';
import { exchange as send, type Exchange, type GraphQLRequest } from './exchange.js';
import { PlaygroundContext } from './playground-state.js';
import { signingPanel } from './signing-panel.js';

const NO_CREDENTIALS = { clientId: '', clientSecret: '', token: '' };

const plugins = [signingPanel];

/** GraphiQL that signs what it sends, with what is written in the panel at its side. */
export function Playground({ settings }: { readonly settings: PlaygroundSettings }) {
  const [credentials, setCredentials] = useState(settings.demo ?? NO_CREDENTIALS);
  const [exchange, setExchange] = useState<Exchange>();
  const [customer, setCustomer] = useState(NOBODY);

  // GraphiQL keeps the first fetcher that it gets, so this one looks up what is written now.
  const current = useRef(credentials);
  current.current = credentials;
  const fetcher = useMemo(
    () => async (request: GraphQLRequest) => {
      try {
        const done = await send(current.current, settings.path, request);
        setExchange(done);
        const seen = customerIn(done);
        if (seen) setCustomer(seen);
        return done.answer;
      } catch (error) {
        setExchange(undefined);
        return { errors: [new GraphQLError(error instanceof Error ? error.message : String(error))] };
      }
    },
    [settings.path],
  );

  const state = useMemo(
    () => ({ credentials, setCredentials, exchange, customer }),
    [credentials, exchange, customer],
  );
  return (
    <PlaygroundContext value={state}>
      <GraphiQL
        fetcher={fetcher}
        plugins={plugins}
        visiblePlugin={signingPanel.title}
        // So that no customer's data outlives the tab.
        storage={sessionStorage}
        defaultQuery=""
        defaultEditorToolsVisibility="variables"
        isHeadersEditorEnabled={false}
        shouldPersistHeaders={false}
      >
        <GraphiQL.Logo>
          <h1>Customer gateway</h1>
        </GraphiQL.Logo>
        <GraphiQL.Footer>
          <AnswerBar />
        </GraphiQL.Footer>
      </GraphiQL>
    </PlaygroundContext>
  );
}
