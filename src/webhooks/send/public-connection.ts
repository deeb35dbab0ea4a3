import { type LookupAddress, promises as dns } from 'node:dns';
import { type LookupFunction, type Socket } from 'node:net';
import { callbackify } from 'node:util';
import { isPublicAddress } from './public-address.js';
import { SendFailure } from './send-failure.js';

/** Resolves a name to all of its addresses. */
export type Resolve = (hostname: string) => Promise<readonly LookupAddress[]>;

const resolveWithSystem: Resolve = (hostname) => dns.lookup(hostname, { all: true });

const notAllowed = () => new SendFailure('address not allowed');

/**
 * The `lookup` of a connection to the public internet. The connection uses the addresses that were checked, so a name that
 * resolves differently the next time (DNS rebinding) has no effect. Node does not call it for a host that is an address.
 *
 * It fails with a {@link SendFailure} if any address of the name is not public: a name with a public and a private address is
 * an attack or a mistake.
 *
 * @param resolve - default: `getaddrinfo` of the operating system.
 */
export function publicLookup(resolve: Resolve = resolveWithSystem): LookupFunction {
  const lookup = callbackify(async (hostname: string) => {
    const addresses = await resolve(hostname);
    const [first] = addresses;
    if (!first) throw new SendFailure('name not found');
    if (!addresses.every(({ address }) => isPublicAddress(address))) throw notAllowed();
    return { first, addresses };
  });

  return (hostname, { all }, callback) => {
    lookup(hostname, (error: Error | null, resolved) => {
      if (error) callback(error, []);
      // Node wants all addresses to try both families.
      else if (all === true) callback(null, [...resolved.addresses]);
      else callback(null, resolved.first.address, resolved.first.family);
    });
  };
}

/**
 * Destroys the socket with a {@link SendFailure}, before it sends anything, if its peer's address is not public. The lookup and
 * the check of the URL have refused such an address before; this also covers a mistake in them.
 *
 * @param socket - one that connects, or is connected and has nothing to send yet.
 */
export function requirePublicPeer(socket: Socket): void {
  const check = () => {
    if (!isPublicAddress(socket.remoteAddress ?? '')) socket.destroy(notAllowed());
  };
  // The first listener: the next ones start the TLS handshake and write the request.
  if (socket.connecting) socket.prependOnceListener('connect', check);
  else check();
}
