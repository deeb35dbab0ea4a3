import { type Credentials } from 'customer-gateway-client';
import { createContext, use } from 'react';
import { type SeenCustomer } from './examples.js';
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

export const PlaygroundContext = createContext<PlaygroundState | null>(null);

/** @throws outside of the playground. */
export function usePlayground(): PlaygroundState {
  const state = use(PlaygroundContext);
  if (!state) throw new Error('There is no playground around');
  return state;
}
