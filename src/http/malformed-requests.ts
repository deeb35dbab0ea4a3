import { randomUUID } from 'node:crypto';
import { type Server, STATUS_CODES } from 'node:http';
import { type Socket } from 'node:net';
import { type FastifyBaseLogger } from 'fastify';
import { errorCodes } from '../errors/error-codes.js';

interface MalformedResponse {
  readonly status: number;
  readonly message: string;
}

/** By the error code of Node's HTTP parser. */
const RESPONSES: Readonly<Record<string, MalformedResponse>> = {
  ERR_HTTP_REQUEST_TIMEOUT: { status: 408, message: 'The request was not received in time.' },
  HPE_CHUNK_EXTENSIONS_OVERFLOW: {
    status: 413,
    message: 'The chunk extensions of the request body are too long.',
  },
  HPE_HEADER_OVERFLOW: { status: 431, message: 'The request headers are too long.' },
};

const INVALID_HTTP: MalformedResponse = { status: 400, message: 'The request is not valid HTTP.' };

interface Counter {
  observeMalformed(status: number): void;
}

/** The requests in progress on a connection. */
interface Underway {
  /** Number of responses that have not been sent in full. */
  responses: number;
  /** Whether the latest request has been received in full. */
  isComplete: () => boolean;
  /** Called when all responses have been sent. */
  onIdle: () => void;
}

/**
 * Responds to malformed HTTP, for which Node creates no request: with an error like every other, a log entry and a count.
 * The log entry contains no bytes of the request.
 */
export class MalformedRequests {
  readonly #underway = new WeakMap<Socket, Underway>();

  constructor(
    private readonly log: FastifyBaseLogger,
    private readonly counter: Counter,
  ) {}

  /** Tracks the requests of a server. Call before it listens. */
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

  /** Handles the server's `clientError` events. */
  readonly answer = (error: NodeJS.ErrnoException, socket: Socket): void => {
    if (error.code === 'ECONNRESET' || !socket.writable) {
      socket.destroy();
      return;
    }
    const underway = this.#underway.get(socket);
    if (underway && underway.responses > 0 && underway.isComplete()) {
      // The client would read a 400 as the response to the earlier request, which may store a change.
      underway.onIdle = () => {
        socket.destroySoon();
      };
      return;
    }
    const response = RESPONSES[error.code ?? ''] ?? INVALID_HTTP;
    const { status } = response;
    const requestId = randomUUID();
    // Browsers open spare connections, which time out unused.
    const level = status === 408 ? 'debug' : 'info';
    this.log[level]({ requestId, status, cause: error.code }, 'malformed request');
    this.counter.observeMalformed(status);
    socket.write(serialize(response, requestId));
    // Closes both directions: a client that does not hang up would keep a half-closed connection.
    socket.destroySoon();
  };
}

/** The response as sent over the socket. */
function serialize({ status, message }: MalformedResponse, requestId: string): string {
  const code = status === 413 ? errorCodes.PAYLOAD_TOO_LARGE : errorCodes.BAD_REQUEST;
  const body = JSON.stringify({ errors: [{ message, extensions: { code } }] });
  return [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    `x-request-id: ${requestId}`,
    'content-type: application/json; charset=utf-8',
    `content-length: ${Buffer.byteLength(body)}`,
    'connection: close',
    '',
    body,
  ].join('\r\n');
}
