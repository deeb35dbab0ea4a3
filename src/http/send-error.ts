import { type FastifyReply } from 'fastify';
import { GraphQLError, type GraphQLErrorExtensions } from 'graphql';
import Negotiator from 'negotiator';
import { type AuthenticationFailureReason } from '../auth/authentication-failure.js';
import { type ErrorCode } from '../errors/error-codes.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** The error that HTTP answered with in GraphQL's place, and the reason of a 401. */
    failure: Failure | undefined;
  }
}

interface Failure {
  readonly code?: ErrorCode;
  readonly reason?: AuthenticationFailureReason;
}

/** How an error asks for its status and headers: Apollo's convention (`extensions.http`), which it leaves untyped. */
interface HttpHead {
  readonly status?: number;
  readonly headers?: ReadonlyMap<string, string>;
}

/** A request that we do not serve, for a reason that lies in HTTP. */
export function httpError(
  status: number,
  code: ErrorCode,
  message: string,
  headers: Readonly<Record<string, string>> = {},
): GraphQLError {
  const http: HttpHead = { status, headers: new Map(Object.entries(headers)) };
  return new GraphQLError(message, { extensions: { code, http } });
}

const JSON_TYPE = 'application/json; charset=utf-8';
const GRAPHQL_TYPE = 'application/graphql-response+json; charset=utf-8';

/**
 * The media type of an answer: JSON, for whoever does not prefer GraphQL's own (GraphQL over HTTP, 6.1), whatever else they
 * accept. A change that is stored is never answered 406. A client that asks for GraphQL's type reads the errors whatever
 * the status is; of plain JSON with an error's status some read nothing.
 */
export function mediaTypeFor(accept: string | undefined): string {
  if (accept === undefined) return JSON_TYPE;
  return new Negotiator({ headers: { accept } }).mediaType([JSON_TYPE, GRAPHQL_TYPE]) ?? JSON_TYPE;
}

/** Answers with an error in the shape that GraphQL clients read, and the status (or 500) and headers it asks for. */
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
