import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Ask } from './gateway.ts';

/** A form with every field as long as it may get fits in many times over. */
const BODY_LIMIT_BYTES = 256 * 1024;

/** What the page sends: which operation, never its text. */
const Call = z.strictObject({
  documentId: z.string(),
  variables: z.record(z.string(), z.unknown()).default({}),
});

/** The operations that the page was built with, by their ids. */
async function persistedDocuments(): Promise<ReadonlyMap<string, string>> {
  const file = resolve(import.meta.dirname, '../generated/persisted-documents.json');
  const documents = z.record(z.string(), z.string()).parse(JSON.parse(await readFile(file, 'utf8')));
  return new Map(Object.entries(documents));
}

/**
 * `POST /graphql` for the page. It takes the page's own operations and no others, so nobody can use this server to send
 * the gateway what they like, and it takes them from the page alone.
 */
export async function addOperationsRoute(app: FastifyInstance, ask: Ask): Promise<void> {
  const documents = await persistedDocuments();
  app.route({
    method: 'POST',
    url: '/graphql',
    bodyLimit: BODY_LIMIT_BYTES,
    onRequest: async (request, reply) =>
      isSameOrigin(request) ? undefined : refuse(reply, 403, 'FOREIGN_ORIGIN', 'Only our own page may ask.'),
    handler: async (request, reply) => {
      const call = Call.safeParse(request.body);
      if (!call.success) return refuse(reply, 400, 'BAD_REQUEST', z.prettifyError(call.error));
      const { documentId, variables } = call.data;
      const query = documents.get(documentId);
      if (query === undefined) {
        return refuse(reply, 404, 'UNKNOWN_DOCUMENT', 'No operation has this id. Load the page again.');
      }
      const { status, headers, body } = await ask({ query, variables }, request);
      return reply.code(status).headers(headers).header('cache-control', 'no-store').send(body);
    },
  });
}

/**
 * Whether a page of ours sent the request. Browsers tell a POST's origin and let no page make one up, so another site
 * cannot use a visitor's session here (CSRF), nor reach us under a name of its own (DNS rebinding). An app of yours has
 * its public origin here, such as `https://app.example`.
 */
function isSameOrigin({ headers, socket }: FastifyRequest): boolean {
  const origins = ['127.0.0.1', 'localhost'].map((host) => `http://${host}:${socket.localPort}`);
  return headers.origin !== undefined && origins.includes(headers.origin);
}

/** Refuses in the form of a GraphQL answer, so that the page reads all answers alike. */
export function refuse(reply: FastifyReply, status: number, code: string, message: string): FastifyReply {
  const extensions = { code, requestId: reply.request.id };
  return reply
    .code(status)
    .header('x-request-id', reply.request.id)
    .send({ errors: [{ message, extensions }] });
}
