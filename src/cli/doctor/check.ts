import { messageOf } from '../../errors/message-of.js';

/** How something stands: as it should, as it may but is better otherwise, or so that the gateway does not work. */
export interface Finding {
  readonly state: 'ok' | 'warning' | 'failed';
  /** What was found, and what to do about it. Holds no secret. */
  readonly message: string;
}

/** What was looked at and what was found. */
export interface Check extends Finding {
  readonly check: string;
}

export const ok = (message: string): Finding => ({ state: 'ok', message });
export const warning = (message: string): Finding => ({ state: 'warning', message });
export const failed = (message: string): Finding => ({ state: 'failed', message });

/**
 * Looks at one thing. What cannot be looked at has failed, and the next check goes on.
 *
 * @param advice - what to do then.
 */
export async function check(name: string, look: () => Promise<Finding>, advice = ''): Promise<Check> {
  try {
    return { check: name, ...(await look()) };
  } catch (error) {
    return { check: name, ...failed(`${messageOf(error)}${advice && `. ${advice}`}`) };
  }
}
