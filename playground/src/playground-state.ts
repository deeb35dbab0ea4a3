import { type Credentials } from 'customer-gateway-client';
import { createContext, use } from 'react';
import type { PlaygroundSettings } from '../../src/playground/playground-routes.js';
import { type Exchange } from './exchange.js';
import { type Seen } from '../../examples/examples.js';

/** State that the parts of the page share. It is kept in the memory of this tab only. */
export interface PlaygroundState {
  readonly settings: PlaygroundSettings;
  readonly credentials: Credentials;
  readonly setCredentials: (credentials: Credentials) => void;
  /** The last exchange of each tab of the editor, by its ID; null if the last run has no response. */
  readonly exchanges: Readonly<Record<string, Exchange | null>>;
  /** The objects last seen in responses. */
  readonly seen: Seen;
}

export const PlaygroundContext = createContext<PlaygroundState | null>(null);

/** @throws {Error} outside of `PlaygroundContext`. */
export function usePlayground(): PlaygroundState {
  const state = use(PlaygroundContext);
  if (!state) throw new Error('usePlayground needs a PlaygroundContext.');
  return state;
}
