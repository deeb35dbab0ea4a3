import { type IncomingMessage } from 'node:http';

/**
 * Headers that browsers and command-line clients send by themselves. Proxies have no common header (`Forwarded`, `Via`,
 * `X-Forwarded-For`, `CF-Connecting-IP`, `X-Amzn-Trace-Id` …), so every header that is not in this list counts as a proxy's.
 */
const BROWSER_HEADERS =
  /^(?:accept(?:-.+)?|authorization|cache-control|connection|content-length|cookie|dnt|host|if-.+|origin|pragma|priority|range|referer|sec-.+|upgrade-insecure-requests|user-agent)$/;

/**
 * Whether a request shows no sign of a proxy. Browsers use HTTP/1.1; HTTP/1.0 is how nginx forwards requests by default,
 * without a header of its own.
 */
export function isDirect({
  headers,
  httpVersion,
}: Pick<IncomingMessage, 'headers' | 'httpVersion'>): boolean {
  return httpVersion === '1.1' && Object.keys(headers).every((name) => BROWSER_HEADERS.test(name));
}
