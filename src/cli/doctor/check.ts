import { messageOf } from '../../errors/message-of.js';

/** The result of a check. `warning`: the gateway works, but the setting should be changed. `failed`: it does not work. */
export interface Finding {
  readonly state: 'ok' | 'warning' | 'failed';
  /** The problem and the action to take. Contains no secret. */
  readonly message: string;
}

/** A named check with its result. */
export interface Check extends Finding {
  readonly check: string;
}

export const ok = (message: string): Finding => ({ state: 'ok', message });
export const warning = (message: string): Finding => ({ state: 'warning', message });
export const failed = (message: string): Finding => ({ state: 'failed', message });

/**
 * Runs one check. A check that throws has failed; the next one still runs.
 *
 * @param advice - the action to take in that case.
 */
export async function check(name: string, look: () => Promise<Finding>, advice = ''): Promise<Check> {
  try {
    return { check: name, ...(await look()) };
  } catch (error) {
    return { check: name, ...failed(`${messageOf(error)}${advice && `. ${advice}`}`) };
  }
}
