import { type FastifyInstance } from 'fastify';

/**
 * Graceful shutdown of the HTTP server: it first reports that it is not ready, then stops accepting connections, then finishes
 * the requests in progress.
 */
export class Draining {
  #begun = false;
  #underWay = 0;
  #onIdle = () => {};

  constructor(private readonly app: FastifyInstance) {
    app.server.on('request', (_request, response) => {
      this.#underWay += 1;
      response.once('close', () => {
        this.#underWay -= 1;
        if (this.#underWay === 0) this.#onIdle();
      });
    });
    // When the response is sent, so that requests in progress also close their connections.
    app.addHook('onSend', (_request, reply, _payload, done) => {
      if (this.#begun) reply.header('connection', 'close');
      done();
    });
  }

  /** Whether the gateway is being stopped. */
  get begun(): boolean {
    return this.#begun;
  }

  /** From now on, every response closes its connection (RFC 9112, 9.6), so that the next request goes to another gateway. */
  begin(): void {
    this.#begun = true;
  }

  /**
   * Closes the server after the requests in progress are done. Connections with no request or an incomplete one are then
   * closed. After `deadlineMs`, all connections are closed.
   */
  async finish(deadlineMs: number): Promise<void> {
    const closed = this.app.close();
    const deadline = setTimeout(() => {
      this.app.log.warn({ requests: this.#underWay }, 'requests did not finish in time; closing connections');
      this.app.server.closeAllConnections();
    }, deadlineMs);
    await this.#idle();
    this.app.server.closeAllConnections();
    await closed;
    clearTimeout(deadline);
  }

  #idle(): Promise<void> {
    if (this.#underWay === 0) return Promise.resolve();
    return new Promise((resolve) => {
      this.#onIdle = resolve;
    });
  }
}
