import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

/** The only IPv6 block with public addresses (RFC 4291, 2.4). All others are special, reserved or unassigned. */
const GLOBAL_UNICAST = ipaddr.IPv6.parseCIDR('2000::/3');

/** IPv4 addresses as DNS64 returns them in a network that has only IPv6 (RFC 6052, 2.1). */
const NAT64 = ipaddr.IPv6.parseCIDR('64:ff9b::/96');

/** Interface IDs with an embedded IPv4 address: `[02]00:5efe:a.b.c.d` (ISATAP, RFC 5214, 6.1). */
const ISATAP = 0x5efe;
const ISATAP_PREFIXES: ReadonlySet<number | undefined> = new Set([0, 0x0200]);

/** An IPv4-compatible address (RFC 4291, 2.5.5.1), which ipaddr.js would read as an IPv4-mapped one. */
const COMPATIBLE = /^::\d+\./;

/** The host's agent in Azure, which gives virtual machines their settings. It is inside a public range. */
const AZURE_HOST = '168.63.129.16';

/**
 * Whether an address belongs to the public internet. Special-purpose ranges are not public: loopback, private, link-local with
 * the metadata services of clouds, carrier-grade NAT, multicast, documentation, benchmarking, and all others of the IANA
 * registries (RFC 6890). An IPv4 address that is mapped to IPv6 or sent through NAT64 (`64:ff9b::/96`) is judged as IPv4. Other
 * embedded IPv4 addresses (IPv4-compatible, 6to4, Teredo, ISATAP) and addresses with a zone ID are never public.
 *
 * A NAT64 prefix that a network chose for itself is not recognized.
 *
 * @param address - an address as a socket or a resolver reports it. Other text is not public.
 */
export function isPublicAddress(address: string): boolean {
  // ipaddr.js parses more than addresses, such as `127.1`, but not every zone ID.
  if (isIP(address) === 0 || address.includes('%') || COMPATIBLE.test(address)) return false;
  const parsed = unwrapped(ipaddr.parse(address));
  if (parsed.range() !== 'unicast') return false;
  if (parsed instanceof ipaddr.IPv4) return parsed.toString() !== AZURE_HOST;
  return parsed.match(GLOBAL_UNICAST) && !isIsatap(parsed);
}

/**
 * Whether the host of a URL is an address that is not public.
 *
 * @param hostname - `hostname` of a WHATWG URL, which has converted forms such as `0x7f.1`, `2130706433` and `127.0.0.1.`.
 */
export function isPrivateLiteral(hostname: string): boolean {
  const address = hostname.replace(/^\[(.*)\]$/, '$1');
  return isIP(address) !== 0 && !isPublicAddress(address);
}

function unwrapped(address: ipaddr.IPv4 | ipaddr.IPv6): ipaddr.IPv4 | ipaddr.IPv6 {
  if (address instanceof ipaddr.IPv4) return address;
  const isWrapped = address.isIPv4MappedAddress() || address.match(NAT64);
  return isWrapped ? new ipaddr.IPv4(address.toByteArray().slice(-4)) : address;
}

function isIsatap({ parts }: ipaddr.IPv6): boolean {
  return parts[5] === ISATAP && ISATAP_PREFIXES.has(parts[4]);
}
