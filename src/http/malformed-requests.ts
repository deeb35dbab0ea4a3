import { randomUUID } from 'node:crypto';
import { type Server, STATUS_CODES } from 'node:http';
import { type Socket } from 'node:net';
import { type FastifyBaseLogger } from 'fastify';
import { errorCodes } from '../graphql/error-codes.js';

/** Of what Node's parser of HTTP reports, what has a status of its own; all else is 400. */
const STATUS: Readonly<Record<string, number>> = {
  ERR_HTTP_REQUEST_TIMEOUT: 408,
  HPE_HEADER_OVERFLOW: 431,
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 413,
};

const MESSAGE: Readonly<Record<number, string>> = {
  400: 'The request is not valid HTTP.',
  408: 'The request was not sent in time.',
  413: 'The chunk extensions of the body are too long.',
  431: 'The headers are too long.',
};

/** Counts what was answered. */
interface Counter {
  observeMalformed(status: number): void;
}

/** The requests of a connection. */
interface Underway {
  /** Responses that are not sent. */
  responses: number;
  /** Whether the last request that began has come in full. */
  isComplete: () => boolean;
  /** Runs when every response is sent. */
  onIdle: () => void;
}

/**
 * Answers what is no HTTP, which Node finds before there is a request: with an error in the shape of all others, a line in
 * the log and a count. The log has no byte of what was sent.
 */
export class MalformedRequests {
  readonly #underway = new WeakMap<Socket, Underway>();

  constructor(
    private readonly log: FastifyBaseLogger,
    private readonly counter: Counter,
  ) {}

  /** Must see every request of the server. */
  watch(server: Server): void {
    server.on('request', (request, response) => {
      const underway = this.#underway.get(request.socket) ?? {
        responses: 0,
        isComplete: () => true,
        onIdle: () => {},
      };
      this.#underway.set(request.socket, underway);
      underway.responses += 1;
      underway.isComplete = () => request.complete;
      response.once('close', () => {
        underway.responses -= 1;
        if (underway.responses === 0) underway.onIdle();
      });
    });
  }

  /** What the server does with an error of a connection. */
  readonly answer = (error: NodeJS.ErrnoException, socket: Socket): void => {
    if (error.code === 'ECONNRESET' || !socket.writable) {
      socket.destroy();
      return;
    }
    const underway = this.#underway.get(socket);
    if (underway && underway.responses > 0 && underway.isComplete()) {
      // It follows a request that is still served. A 400 now would be read as the response to that, which may store a change.
      underway.onIdle = () => {
        socket.destroySoon();
      };
      return;
    }
    const status = STATUS[error.code ?? ''] ?? 400;
    const requestId = randomUUID();
    // Browsers open connections in advance and never use some of them.
    const level = status === 408 ? 'debug' : 'info';
    this.log[level]({ requestId, status, cause: error.code }, 'malformed request');
    this.counter.observeMalformed(status);
    socket.write(head(status, requestId) + body(status));
    // Not only this side: who does not hang up must not keep the connection.
    socket.destroySoon();
  };
}

function body(status: number): string {
  const code = status === 413 ? errorCodes.PAYLOAD_TOO_LARGE : errorCodes.BAD_REQUEST;
  return JSON.stringify({ errors: [{ message: MESSAGE[status], extensions: { code } }] });
}

function head(status: number, requestId: string): string {
  return [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    `x-request-id: ${requestId}`,
    'content-type: application/json; charset=utf-8',
    `content-length: ${Buffer.byteLength(body(status))}`,
    'connection: close',
    '\r\n',
  ].join('\r\n');
}
