import { hash } from 'node:crypto';
import { ErrorReply } from '@redis/client';
import { type RedisClient } from './redis.js';

/** A Lua script, which Redis runs whole before anything else. */
export interface Script {
  readonly text: string;
  /** The name by which Redis knows it once it has run. */
  readonly sha1: string;
}

export function defineScript(text: string): Script {
  return { text, sha1: hash('sha1', text) };
}

/** Runs a script in one call. Its text is sent only if Redis does not know it, as after its start. */
export async function runScript(
  client: RedisClient,
  script: Script,
  values: { readonly keys: string[]; readonly arguments: string[] },
): Promise<unknown> {
  try {
    return await client.evalSha(script.sha1, values);
  } catch (error) {
    if (!(error instanceof ErrorReply) || !error.message.startsWith('NOSCRIPT')) throw error;
    return client.eval(script.text, values);
  }
}
