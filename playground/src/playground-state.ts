import { type Credentials } from 'customer-gateway-client';
import { createContext, use } from 'react';
import { NOBODY, type SeenCustomer } from './examples.js';
import { type Exchange } from './exchange.js';

/** What the parts of the page share. It lives in the memory of this tab, and nowhere else. */
export interface PlaygroundState {
  readonly credentials: Credentials;
  readonly setCredentials: (credentials: Credentials) => void;
  /** The last request and its answer. */
  readonly exchange: Exchange | undefined;
  /** The customer last seen in an answer. */
  readonly customer: SeenCustomer;
}

export const PlaygroundContext = createContext<PlaygroundState>({
  credentials: { clientId: '', clientSecret: '', token: '' },
  setCredentials: () => undefined,
  exchange: undefined,
  customer: NOBODY,
});

export const usePlayground = (): PlaygroundState => use(PlaygroundContext);
