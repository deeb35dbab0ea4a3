import { type MikroORM } from '@mikro-orm/postgresql';
import type pg from 'pg';
import { type Sealed } from '../../auth/secret-box.js';
import { eventFromRow, type SelectedEvent, type StoredEvent } from '../../customers/events/stored-event.js';
import { shareStatements } from '../../database/share-statements.js';
import { type Bind, numberParameters } from '../../database/statement.js';
import { type StoredAttempt } from '../deliveries/webhook-delivery.entity.js';
import { type WebhookDisabledReason, type WebhookEndpointStatus } from '../endpoints/endpoint-status.js';
import { BATCH, cancelDeliveriesStatement } from './cancel-deliveries.statement.js';
import { createDeliveriesStatement } from './create-deliveries.statement.js';
import { queueLengthStatement } from './queue-length.statement.js';
import { recordAttemptsStatement } from './record-attempts.statement.js';
import { releaseEndpointStatement } from './release-endpoint.statement.js';
import { takeDeliveriesStatement } from './take-deliveries.statement.js';
import { wakeEndpointStatement } from './wake-endpoint.statement.js';

/** Attempts, or jobs for new events, that share a statement, at most. */
const MAX_SHARED = 200;

/** Events whose deliveries one statement creates: few enough for its timeout, even with ten endpoints in each team. */
const MAX_EVENTS = 1_000;

/** The endpoint of a run, as it was when deliveries were taken. */
export interface TakenEndpoint {
  readonly endpointId: string;
  readonly teamId: string;
  readonly url: string;
  readonly status: WebhookEndpointStatus;
  readonly disabledReason: WebhookDisabledReason | null;
  readonly hasAccess: boolean;
  readonly isDeleted: boolean;
  readonly isDown: boolean;
  /** The current secret, and the previous one during a rotation. */
  readonly secrets: readonly Sealed[];
}

/** A delivery that is due. */
export interface DueDelivery {
  readonly id: string;
  readonly isTest: boolean;
  /** Undefined for a test, and if the event is no longer kept. */
  readonly event: StoredEvent | undefined;
  /** Whether there was no attempt before, not even before it was sent again. */
  readonly isNew: boolean;
  readonly failedAttempts: number;
  readonly createdAt: Date;
  readonly bytes: number;
}

/** What a run takes. */
export interface Take {
  readonly endpoint: string;
  readonly run: string;
  /** Deliveries that are being sent. */
  readonly sending: readonly string[];
  readonly limit: number;
  readonly maxBytes: number;
}

/** An attempt of a delivery. */
export interface Attempt {
  readonly deliveryId: string;
  readonly attempt: StoredAttempt;
  readonly succeeded: boolean;
  /** The pause before the next attempt, in ms. Null: none follows. */
  readonly pauseMs: number | null;
}

/** How a run of an endpoint ended. */
export interface RunEnd {
  readonly endpoint: string;
  readonly run: string;
  readonly succeeded: boolean;
  readonly failed: boolean;
  readonly isDown: boolean;
  readonly jitter: number;
  readonly reason: WebhookDisabledReason | null;
}

/** An endpoint after a run. */
export interface ReleasedEndpoint {
  readonly status: WebhookEndpointStatus;
  readonly disabledReason: WebhookDisabledReason | null;
  readonly clientId: string;
  readonly teamId: string;
}

/** The deliveries that wait. */
export interface QueueLength {
  /** At most 100,000 are counted. */
  readonly pending: number;
  /** How long the oldest one that is due has waited, in seconds. */
  readonly oldestSeconds: number;
}

type TakenRow = Omit<TakenEndpoint, 'secrets'> & {
  readonly secrets: readonly { readonly ciphertext: string; readonly keyId: string }[] | null;
} & ((SelectedEvent & DeliveryRow) | ({ readonly id: null } & (DeliveryRow | { readonly deliveryId: null })));

interface DeliveryRow {
  readonly deliveryId: string;
  readonly eventId: string | null;
  readonly isNew: boolean;
  readonly failedAttempts: number;
  readonly createdAt: string;
  readonly bytes: number;
}

/** What the worker reads and writes, each in one statement. */
export class DeliveryStore {
  readonly #create = numberParameters(createDeliveriesStatement);
  readonly #take: Bind;
  readonly #record = numberParameters(recordAttemptsStatement);
  readonly #release = numberParameters(releaseEndpointStatement);
  readonly #cancel = numberParameters(cancelDeliveriesStatement);
  readonly #wake = numberParameters(wakeEndpointStatement);
  readonly #queueLength = numberParameters(queueLengthStatement);
  /** Creates the deliveries of events, given by their IDs, and wakes the endpoints. */
  readonly create = shareStatements<readonly string[]>((lists) => this.#createAll(lists.flat()), MAX_SHARED);
  /** Stores the result of an attempt. */
  readonly record = shareStatements<Attempt>(
    (attempts) => this.pool.query(this.#record({ attempts: JSON.stringify(attempts) })),
    MAX_SHARED,
  );

  constructor(
    orm: MikroORM,
    private readonly pool: pg.Pool,
  ) {
    this.#take = numberParameters(takeDeliveriesStatement(orm));
  }

  async #createAll(events: readonly string[]): Promise<void> {
    for (let start = 0; start < events.length; start += MAX_EVENTS) {
      await this.pool.query(this.#create({ events: events.slice(start, start + MAX_EVENTS) }));
    }
  }

  /** @returns undefined if another run has the endpoint. */
  async take(
    take: Take,
  ): Promise<{ endpoint: TakenEndpoint; deliveries: readonly DueDelivery[] } | undefined> {
    const { rows } = await this.pool.query<TakenRow>(this.#take({ ...take }));
    const [first] = rows;
    if (!first) return undefined;
    const secrets = (first.secrets ?? []).map(({ ciphertext, keyId }) => ({
      ciphertext: Buffer.from(ciphertext, 'base64'),
      keyId,
    }));
    return { endpoint: { ...first, secrets }, deliveries: rows.flatMap(deliveryOf) };
  }

  /** Ends a run. @returns undefined if another run has taken over. */
  async release(end: RunEnd): Promise<ReleasedEndpoint | undefined> {
    const { rows } = await this.pool.query<ReleasedEndpoint>(this.#release({ ...end }));
    return rows[0];
  }

  /** Cancels all pending deliveries of an endpoint that is disabled or deleted. */
  async cancel(endpoint: string): Promise<void> {
    for (;;) {
      const { rowCount } = await this.pool.query(this.#cancel({ endpoint }));
      if ((rowCount ?? 0) < BATCH) return;
    }
  }

  async queueLength(): Promise<QueueLength> {
    const { rows } = await this.pool.query<QueueLength>(this.#queueLength({}));
    return rows[0] ?? { pending: 0, oldestSeconds: 0 };
  }

  /** Has the deliveries of an endpoint sent as soon as they may be. */
  async wake(endpoint: string): Promise<void> {
    await this.pool.query(this.#wake({ endpoint }));
  }
}

function deliveryOf(row: TakenRow): DueDelivery[] {
  if (row.deliveryId === null) return [];
  const { deliveryId, eventId, isNew, failedAttempts, createdAt, bytes } = row;
  return [
    {
      id: deliveryId,
      isTest: eventId === null,
      event: row.id === null ? undefined : eventFromRow(row),
      isNew,
      failedAttempts,
      createdAt: new Date(createdAt),
      bytes,
    },
  ];
}
