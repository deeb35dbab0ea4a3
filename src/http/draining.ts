import { type FastifyInstance } from 'fastify';

/**
 * How the HTTP server ends: first it says that it will, then it takes no more connections, then it answers what it has
 * been asked.
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
    // When the answer is sent, not when the request comes: those under way end their connections too.
    app.addHook('onSend', (_request, reply, _payload, done) => {
      if (this.#begun) reply.header('connection', 'close');
      done();
    });
  }

  /** Whether the gateway is being stopped. */
  get begun(): boolean {
    return this.#begun;
  }

  /** From now on every answer ends its connection (RFC 9112, 9.6), so that the caller's next one goes elsewhere. */
  begin(): void {
    this.#begun = true;
  }

  /**
   * Closes the server once what is under way is answered. Connections over which nothing was asked, or not all of it,
   * are cut then; so is everything that is not done after `deadlineMs`.
   */
  async finish(deadlineMs: number): Promise<void> {
    const closed = this.app.close();
    const deadline = setTimeout(() => {
      this.app.log.warn({ requests: this.#underWay }, 'not all was done in time; connections are cut');
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
