import * as http from 'node:http';
import * as https from 'node:https';
import { TLSSocket } from 'node:tls';
import { limits } from '../limits.js';
import { codeOf } from '../../errors/code-of.js';
import { isPrivateLiteral } from './public-address.js';
import { publicLookup, requirePublicPeer, type Resolve } from './public-connection.js';
import { failureReason, SendFailure } from './send-failure.js';
import { type WebhookUrlRules } from './webhook-url.js';

/** Settings of a sender. */
export interface WebhookSenderOptions extends WebhookUrlRules {
  /** Timeout of a request from the DNS lookup to the end of the response body, in ms. Default: 10,000. */
  readonly timeoutMs?: number;
  /** Resolves the names of hosts, unless `allowPrivate` is set. Default: the operating system. */
  readonly resolve?: Resolve;
}

/** The outcome of a request. It was successful if `error` is null and the status is 200 to 299. */
export interface SendResult {
  /** Status of the response, or null if none was received. */
  readonly status: number | null;
  readonly durationMs: number;
  /** Why the request failed, such as `timeout`, or null if a response was received with its body. */
  readonly error: string | null;
}

/** Default timeout of a request, in ms. */
const TIMEOUT_MS = 10_000;

/** Bytes of a response body that are read. The connection is closed if there are more. */
const MAX_RESPONSE_BYTES = 4_096;

/** For each of http and https: as many as a worker has attempts at the same time, so that no attempt waits for slow endpoints. */
const MAX_CONNECTIONS = limits.endpointsAtOnce * limits.attemptsAtOnce;

/** Idle connections are kept for this long, in ms: less than the 5 s after which a Node server closes them. */
const IDLE_MS = 2_000;

/** Idle connections that are kept for each host. */
const MAX_IDLE_PER_HOST = limits.attemptsAtOnce;

const agentOptions = {
  keepAlive: true,
  maxFreeSockets: MAX_IDLE_PER_HOST,
  maxTotalSockets: MAX_CONNECTIONS,
  timeout: IDLE_MS,
};

/**
 * Sends HTTP requests to URLs that partners chose. Connects only to public addresses, unless `allowPrivate` is set. Follows no
 * redirects, ignores proxy variables and discards response bodies. Logs nothing.
 */
export class WebhookSender {
  readonly #httpAgent = new http.Agent(agentOptions);
  readonly #httpsAgent = new https.Agent(agentOptions);
  readonly #closing = new AbortController();
  readonly #timeoutMs: number;
  readonly #connectOptions: https.RequestOptions;

  constructor(private readonly options: WebhookSenderOptions) {
    this.#timeoutMs = options.timeoutMs ?? TIMEOUT_MS;
    this.#connectOptions = {
      // NODE_TLS_REJECT_UNAUTHORIZED has no effect.
      rejectUnauthorized: true,
      ...(options.allowPrivate ? {} : { lookup: publicLookup(options.resolve) }),
    };
  }

  /**
   * Sends a POST request with a JSON body. A kept connection that the partner has closed meanwhile is replaced once, so the
   * partner may get a request twice.
   *
   * @param headers - added to `content-type`, `content-length` and `user-agent`.
   * @returns the outcome; a failed request does not throw.
   * @throws the reason of `signal` once that is aborted.
   */
  async send(
    url: string,
    headers: Readonly<Record<string, string>>,
    body: string,
    signal?: AbortSignal,
  ): Promise<SendResult> {
    const start = performance.now();
    const deadline = AbortSignal.timeout(this.#timeoutMs);
    const ended = AbortSignal.any([deadline, this.#closing.signal, ...(signal ? [signal] : [])]);
    let status: number | null = null;
    let error: string | null = null;
    try {
      const response = await this.#request(this.#check(url), headers, body, ended);
      status = response.statusCode ?? null;
      await discard(response);
    } catch (failure) {
      signal?.throwIfAborted();
      if (deadline.aborted) error = 'timeout';
      else if (this.#closing.signal.aborted) error = 'gateway shutting down';
      else error = failureReason(failure);
    }
    return { status, durationMs: Math.round(performance.now() - start), error };
  }

  /** Closes all connections. Requests in progress fail, and so do later ones. */
  close(): void {
    this.#closing.abort();
    this.#httpAgent.destroy();
    this.#httpsAgent.destroy();
  }

  #check(text: string): URL {
    const url = URL.canParse(text) ? new URL(text) : undefined;
    if (!url || !['http:', 'https:'].includes(url.protocol)) throw new SendFailure('URL not valid');
    if (this.options.httpsOnly && url.protocol === 'http:') throw new SendFailure('https required');
    if (!this.options.allowPrivate && isPrivateLiteral(url.hostname)) {
      throw new SendFailure('address not allowed');
    }
    return url;
  }

  async #request(
    url: URL,
    headers: Readonly<Record<string, string>>,
    body: string,
    signal: AbortSignal,
  ): Promise<http.IncomingMessage> {
    const { request, Agent } = url.protocol === 'https:' ? https : http;
    const open = (agent: http.Agent) => {
      // Node would still connect for a request that is aborted already.
      signal.throwIfAborted();
      const opened = request(url, {
        ...this.#connectOptions,
        agent,
        signal,
        method: 'POST',
        headers: {
          ...headers,
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(body),
          'user-agent': 'customer-gateway',
        },
      });
      if (!this.options.allowPrivate) opened.once('socket', requirePublicPeer);
      return opened;
    };

    const first = open(url.protocol === 'https:' ? this.#httpsAgent : this.#httpAgent);
    try {
      return await responseTo(first, body);
    } catch (error) {
      if (!first.reusedSocket || !isReset(error)) throw error;
      return await responseTo(open(new Agent()), body);
    }
  }
}

/** Sends the body. @returns the response once its headers are received. */
function responseTo(request: http.ClientRequest, body: string): Promise<http.IncomingMessage> {
  return new Promise((resolve, reject) => {
    request.on('error', (error) => {
      const { socket } = request;
      const isCertificate = socket instanceof TLSSocket && codeOf(error) === socket.authorizationError;
      reject(isCertificate ? new SendFailure('TLS certificate not valid') : error);
    });
    request.on('response', (response) => {
      // A partner that responds early and never reads the request would keep the connection.
      response.once('end', () => {
        if (!request.writableFinished) request.destroy();
      });
      resolve(response);
    });
    // Without an error, for example after a response with status 101.
    request.on('close', () => {
      reject(new SendFailure('connection closed'));
    });
    request.end(body);
  });
}

/** Reads a body, so that the connection can be used again, and closes the connection of a long one. */
async function discard(response: AsyncIterable<Buffer>): Promise<void> {
  let bytes = 0;
  for await (const chunk of response) {
    bytes += chunk.length;
    if (bytes > MAX_RESPONSE_BYTES) break;
  }
}

const isReset = (error: unknown): boolean => ['ECONNRESET', 'EPIPE'].includes(String(codeOf(error)));
