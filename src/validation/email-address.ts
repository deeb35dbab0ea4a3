import { domainToASCII } from 'node:url';
// Not `validator` as a whole: its hundred other rules would be loaded at every start.
import isEmail from 'validator/lib/isEmail.js';
import { hasInvisible } from './clean-text.js';

/** An empty quoted local part, or characters in one that RFC 5321 (4.1.2, `qtextSMTP`) forbids but `isEmail` accepts. */
const badQuoted = /^""@|[^\S ]|\p{Cc}/u;

/** An internationalized domain name, in Unicode or in the ASCII form used by DNS. */
const internationalized = /[^\0-\x7f]|xn--/i;

/** Characters that `domainToASCII` treats as URL syntax or decodes. */
const noDomain = /[\s/?#:@%[\]\\]/;

/**
 * Normalizes an email address, or returns undefined if mail cannot be sent to it by RFC 5321: no control characters, a local
 * part of at most 64 octets, labels of at most 63. The domain is converted to A-labels (RFC 5890), so `bücher.example` and
 * `xn--bcher-kva.example` are the same. ASCII addresses are unchanged.
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
