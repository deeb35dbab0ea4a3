import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { type CustomerEventType } from '../../customers/events/event-type.js';
import { type SentEvent } from '../../webhooks/send/webhook-body.js';
import { type ClientCredentials } from '../client-credentials.js';
import { eventPage, selectionOf } from './event-selection.js';
import { ExpiredCursor, type Query, sendQuery, TemporaryFailure } from './send-query.js';

/** The pause between two polls, in ms: 30 polls of the 100 root fields that a client may run in a minute by default. */
const POLL_MS = 2_000;

const MS_PER_SECOND = 1_000;

const lastCursor = {
  query: 'query LastCustomerEventCursor { lastCustomerEventCursor }',
  variables: {},
  data: z.object({ lastCustomerEventCursor: z.string().nullable() }),
};

const pageOf = { data: z.object({ customerEvents: eventPage }) };

const EVENTS = `query CustomerEvents($after: String, $types: [CustomerEventType!]) {
  customerEvents(after: $after, first: 100, types: $types) ${selectionOf(eventPage)}
}`;

/** The changes of a team's customers over the API. Retries while the gateway is unavailable or limits the client's rate. */
export class ChangeFeed {
  #isUnavailable = false;

  /**
   * @param types - the types of events to return; all if it is empty.
   * @param notify - is called with a sentence when the connection is lost or restored, or events may have been missed.
   */
  constructor(
    private readonly credentials: ClientCredentials,
    private readonly types: readonly CustomerEventType[],
    private readonly notify: (sentence: string) => void,
    private readonly stopping: AbortSignal,
  ) {}

  /** The cursor of the last event; null if there is none. */
  async lastCursor(): Promise<string | null> {
    return (await this.#send(lastCursor)).lastCustomerEventCursor;
  }

  /** The events after a cursor, in their order, without end. @throws the reason of the signal, once it is aborted. */
  async *eventsAfter(start: string | null): AsyncGenerator<SentEvent, never> {
    let after = start;
    for (;;) {
      const { nodes, pageInfo } = await this.#pageAfter(after);
      yield* nodes;
      after = pageInfo.endCursor;
      if (!pageInfo.hasNextPage) await this.#pause(POLL_MS);
    }
  }

  /** The page after a cursor. If the cursor has expired: an empty page that ends with the last event. */
  async #pageAfter(after: string | null): Promise<z.output<typeof eventPage>> {
    try {
      const variables = { after, types: this.types };
      return (await this.#send({ query: EVENTS, variables, ...pageOf })).customerEvents;
    } catch (error) {
      if (!(error instanceof ExpiredCursor)) throw error;
      const endCursor = await this.lastCursor();
      this.notify('The cursor has expired. Continuing after the last event; earlier events are skipped.');
      return { nodes: [], pageInfo: { endCursor, hasNextPage: false } };
    }
  }

  async #send<Data>(query: Query<Data>): Promise<Data> {
    for (;;) {
      try {
        const data = await sendQuery(this.credentials, query, this.stopping);
        this.#noteAvailable();
        return data;
      } catch (error) {
        if (!(error instanceof TemporaryFailure)) throw error;
        const waitMs = Math.max(POLL_MS, error.retryAfterMs);
        this.#noteFailure(error, waitMs);
        await this.#pause(waitMs);
      }
    }
  }

  #noteFailure({ reason, message }: TemporaryFailure, waitMs: number): void {
    if (reason === 'RATE_LIMITED') {
      this.#noteAvailable();
      this.notify(`${message} Continuing in ${waitMs / MS_PER_SECOND} s.`);
    } else if (!this.#isUnavailable) {
      this.#isUnavailable = true;
      this.notify(`${message} Retrying until it is available.`);
    }
  }

  #noteAvailable(): void {
    if (this.#isUnavailable) this.notify('The gateway is available again.');
    this.#isUnavailable = false;
  }

  async #pause(ms: number): Promise<void> {
    await sleep(ms, undefined, { signal: this.stopping });
  }
}
