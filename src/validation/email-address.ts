import { domainToASCII } from 'node:url';
// Not `validator` as a whole: its hundred other rules would be loaded at every start.
import isEmail from 'validator/lib/isEmail.js';
import { hasInvisible } from './clean-text.js';

/** An empty quoted part, or what RFC 5321 (4.1.2, `qtextSMTP`) does not allow in one, though `isEmail` does. */
const badQuoted = /^""@|[^\S ]|\p{Cc}/u;

/** What of a domain name has a second way to write it: letters outside ASCII, and the form of them that DNS has. */
const internationalized = /[^\0-\x7f]|xn--/i;

/** What `domainToASCII` reads as a part of a URL, or decodes. */
const noDomain = /[\s/?#:@%[\]\\]/;

/**
 * The one form in which an address is stored, or undefined for text that is no address that mail can be sent to by
 * RFC 5321: no control characters, a local part of at most 64 octets, labels of at most 63. The domain is in the form that
 * DNS has (A-labels, RFC 5890), so `bücher.example` and `xn--bcher-kva.example` are one. ASCII stays as it was sent.
 */
export function emailAddress(text: string): string | undefined {
  if (hasInvisible(text) || badQuoted.test(text)) return undefined;
  const at = text.lastIndexOf('@');
  const domain = text.slice(at + 1);
  const ascii = internationalized.test(domain) ? toAscii(domain) : domain;
  const address = `${text.slice(0, at)}@${ascii}`;
  return at > 0 && isEmail.default(address) ? address : undefined;
}

function toAscii(domain: string): string {
  return noDomain.test(domain) ? '' : domainToASCII(domain);
}
