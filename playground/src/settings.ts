import type { PlaygroundSettings } from '../../src/playground/playground-routes.js';

/** Loads the settings of the page from the gateway. */
export async function readSettings(): Promise<PlaygroundSettings> {
  const response = await fetch(`${import.meta.env.BASE_URL}settings.json`);
  if (!response.ok) throw new Error(`The settings cannot be loaded: HTTP ${response.status}.`);
  return response.json();
}
