import { type FastifyReply } from 'fastify';
import { GraphQLError, type GraphQLErrorExtensions } from 'graphql';
import Negotiator from 'negotiator';
import { type AuthenticationFailureReason } from '../auth/authentication-failure.js';
import { type ErrorCode } from '../errors/error-codes.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** The error sent instead of a GraphQL response, with the reason of a 401. */
    failure: Failure | undefined;
  }
}

interface Failure {
  readonly code?: ErrorCode;
  readonly reason?: AuthenticationFailureReason;
}

/** HTTP status and headers of an error, by Apollo's convention (`extensions.http`), which has no type. */
interface HttpHead {
  readonly status?: number;
  readonly headers?: ReadonlyMap<string, string>;
}

/** Creates an error for a request that is rejected at the HTTP level. */
export function httpError(
  status: number,
  code: ErrorCode,
  message: string,
  headers: Readonly<Record<string, string>> = {},
): GraphQLError {
  const http: HttpHead = { status, headers: new Map(Object.entries(headers)) };
  return new GraphQLError(message, { extensions: { code, http } });
}

export const JSON_TYPE = 'application/json; charset=utf-8';
const GRAPHQL_TYPE = 'application/graphql-response+json; charset=utf-8';

/**
 * The media type of a response: JSON, unless the client prefers `application/graphql-response+json` (GraphQL over HTTP, 6.1).
 * Other types are ignored, so that a mutation that was executed never gets a 406. Clients that request the GraphQL type read
 * errors with any status; some clients ignore the body of a JSON response with an error status.
 */
export function mediaTypeFor(accept: string | undefined): string {
  if (accept === undefined) return JSON_TYPE;
  return new Negotiator({ headers: { accept } }).mediaType([JSON_TYPE, GRAPHQL_TYPE]) ?? JSON_TYPE;
}

/** Sends an error in the GraphQL response format, with its status (default: 500) and headers. */
export function sendError(
  reply: FastifyReply,
  error: Pick<GraphQLError, 'message' | 'extensions'>,
): FastifyReply {
  const { http, ...extensions } = error.extensions as GraphQLErrorExtensions & Failure & { http?: HttpHead };
  reply.request.failure = extensions;
  for (const [name, value] of http?.headers ?? []) reply.header(name, value);
  return reply
    .code(http?.status ?? 500)
    .type(mediaTypeFor(reply.request.headers.accept))
    .send({ errors: [{ message: error.message, extensions }] });
}
