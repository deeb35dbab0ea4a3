import { readFile } from 'node:fs/promises';

/** Source code of the scripts that a client runs around each request. */
export interface RequestScripts {
  /** Inserts variables and signs. */
  readonly before: string;
  /** Saves the IDs of the response. */
  readonly after: string;
}

/** Reads the scripts for a client: the shared part, followed by the part that calls the client's API. */
export async function readScripts(client: 'postman' | 'bruno'): Promise<RequestScripts> {
  const read = async (name: string) =>
    `${await readScript(`${name}.js`)}\n${await readScript(`${name}-${client}.js`)}`.trim();
  return { before: await read('sign'), after: await read('remember') };
}

function readScript(name: string): Promise<string> {
  return readFile(new URL(`request-scripts/${name}`, import.meta.url), 'utf8');
}
