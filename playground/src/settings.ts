import type { PlaygroundSettings } from '../../src/playground/playground-routes.js';

/** What the gateway tells the page when it opens. */
export async function readSettings(): Promise<PlaygroundSettings> {
  const response = await fetch(`${import.meta.env.BASE_URL}settings.json`);
  if (!response.ok) throw new Error(`The gateway gave no settings: HTTP ${response.status}`);
  return response.json();
}
