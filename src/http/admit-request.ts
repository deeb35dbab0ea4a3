import { type FastifyReply, type FastifyRequest } from 'fastify';
import { unauthenticated } from '../auth/authentication-failure.js';
import { type ClientCache } from '../auth/client-cache.js';
import { readCredentials } from '../auth/credentials.js';
import { type ClientTurns } from '../concurrency/client-turns.js';
import { ResponseBytes, type ResponseLimits } from '../concurrency/response-bytes.js';
import { type ClientLimits } from '../rate-limit/client-limits.js';
import { type Decision } from '../rate-limit/limiter.js';
import { rateLimitError } from '../rate-limit/rate-limit-error.js';
import { limitHeaders } from '../rate-limit/request-limit.js';
import { declaredBody } from './parse-body.js';
import { sendError } from './send-error.js';

/** A larger body that is not read ends its connection. */
const UNREAD_BYTES = 65_536;

/** Dependencies of request admission. */
export interface Admission {
  readonly clients: ClientCache;
  readonly limits: ClientLimits;
  readonly responses: ResponseLimits;
  /** Turns of requests that list customers or have large bodies. */
  readonly heavy: ClientTurns;
  readonly signatureToleranceMs: number;
}

/**
 * Checks the headers of a request before its body is read, and sends the response if it is rejected: 401 without valid
 * credentials, 429 for a client that keeps sending over its limit.
 */
export async function admitRequest(
  admission: Admission,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply | undefined> {
  const read = readCredentials(request.raw.rawHeaders, Date.now(), admission.signatureToleranceMs);
  if ('failure' in read) return sendError(reply, unauthenticated(read.failure));
  const { clientId } = read.credentials;
  const refusal = admission.limits.refusalOf(clientId);
  if (refusal) return sendTooManyRequests(reply, refusal);

  // Before anything is held: a client can leave at any time.
  const response = new ResponseBytes(clientId, admission.responses);
  const heavyTurn = admission.heavy.turnOf(clientId);
  reply.raw.once('close', () => {
    request.releaseBody?.();
    response.release();
    // Not before the response is sent: a client that does not read its responses gets no more of them.
    heavyTurn.end();
  });
  request.admitted = {
    credentials: read.credentials,
    declaredBody: declaredBody(request.raw.headers),
    response,
    heavyTurn,
  };
  const isKnown = (await admission.clients.get(clientId)) !== undefined;
  request.client = { clientId, isKnown };
  // Otherwise Fastify returns 415 for an invalid media type before the caller is authenticated.
  delete request.raw.headers['content-type'];
  return undefined;
}

/** Sends 429 (RFC 6585, section 4). The request is not parsed. */
export function sendTooManyRequests(reply: FastifyReply, decision: Decision): FastifyReply {
  reply.headers(limitHeaders(decision));
  // Reading a large body to keep the connection would cost more than a new connection.
  const bytes = Number(reply.request.headers['content-length'] ?? Infinity);
  if (!reply.request.raw.complete && bytes > UNREAD_BYTES) reply.header('connection', 'close');
  return sendError(reply, rateLimitError(decision, 429));
}
