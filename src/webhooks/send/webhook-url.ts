import { hasInvisible } from '../../validation/clean-text.js';
import { isPrivateLiteral } from './public-address.js';

/** Maximum length of a URL, in characters. */
const MAX_LENGTH = 2_048;

/** Which URLs requests may be sent to. */
export interface WebhookUrlRules {
  /** Allows addresses that are not public, for development. */
  readonly allowPrivate: boolean;
  /** Allows only https. */
  readonly httpsOnly: boolean;
}

/** Names that are never public: RFC 6761, RFC 6762 and the name that ICANN reserved for private use. */
const PRIVATE_NAME = /(^|\.)(localhost|local|internal)\.*$/;

/**
 * Checks the URL of an endpoint before it is stored. What a name resolves to is checked when a request is sent.
 *
 * @returns what the URL must be, or undefined for a valid one.
 */
export function webhookUrlProblem(
  text: string,
  { allowPrivate, httpsOnly }: WebhookUrlRules,
): string | undefined {
  if (text.length > MAX_LENGTH) return `must have at most ${MAX_LENGTH} characters`;
  // `new URL` also accepts `https:host`, backslashes, and white space that it removes.
  const hasForm = (httpsOnly ? /^https:\/\/[^\s\\]+$/i : /^https?:\/\/[^\s\\]+$/i).test(text);
  if (!hasForm || hasInvisible(text) || !URL.canParse(text)) {
    return httpsOnly ? 'must be an https URL' : 'must be an http or https URL';
  }
  const { username, password, hostname } = new URL(text);
  if (username !== '' || password !== '') return 'must not have a user name or a password';
  if (text.includes('#')) return 'must not have a fragment';
  if (!allowPrivate && (isPrivateLiteral(hostname) || PRIVATE_NAME.test(hostname))) {
    return 'must have a public host';
  }
  return undefined;
}
