import { codeOf } from '../../errors/code-of.js';

/** A request that was refused, or failed, for a known reason. */
export class SendFailure extends Error {
  override readonly name = 'SendFailure';

  /** @param reason - shown to the partner. */
  constructor(readonly reason: string) {
    super(reason);
  }
}

/** By the codes of Node, libuv and getaddrinfo. */
const reasons: Readonly<Record<string, string>> = {
  EAI_AGAIN: 'name lookup failed',
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'connection closed',
  EHOSTUNREACH: 'host not reachable',
  ENETUNREACH: 'host not reachable',
  ENOTFOUND: 'name not found',
  EPIPE: 'connection closed',
  EPROTO: 'TLS handshake failed',
  ETIMEDOUT: 'timeout',
  HPE_HEADER_OVERFLOW: 'response headers too large',
};

/**
 * The reason of a failed request in plain English, such as `connection refused`. The messages of Node's errors are not used:
 * they contain addresses.
 */
export function failureReason(error: unknown): string {
  if (error instanceof SendFailure) return error.reason;
  const code = String(codeOf(error));
  const reason = reasons[code];
  if (reason !== undefined) return reason;
  if (code.startsWith('ERR_SSL_')) return 'TLS handshake failed';
  // Of the HTTP parser.
  if (code.startsWith('HPE_')) return 'response not valid';
  return 'request failed';
}
