import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { type ByteBudget } from '../../concurrency/byte-budget.js';
import { type SecretBox } from '../../auth/secret-box.js';
import { WebhookDisabledReason, WebhookEndpointStatus } from '../endpoints/endpoint-status.js';
import { limits } from '../limits.js';
import { attemptDelivery, isLost, isSuccess, type Sending } from './attempt-delivery.js';
import { type DeliveryStore, type TakenEndpoint } from './delivery-store.js';
import { jitter, retryPauseMs } from './retry-schedule.js';
import { type WebhookMetrics } from './webhook-metrics.js';
import { type WebhookSender } from './webhook-sender.js';

/** A run takes no more deliveries after this time, in ms, so that other endpoints get a turn. */
const RUN_MS = 10_000;

/** Deliveries that are taken at once. */
const TAKEN = 50;

/** Bytes of the events that are taken at once. */
const TAKEN_BYTES = 1_048_576;

/** A delivery is sent so long after it was taken at most, in ms: then it is taken again, with the endpoint as it is by then. */
const FRESH_MS = 5_000;

/** How often a run looks for new deliveries while it waits for responses, in ms. */
const LOOK_AGAIN_MS = 250;

const GONE = 410;

/** What a run needs. */
export interface SendParts {
  readonly store: DeliveryStore;
  readonly sender: WebhookSender;
  readonly box: SecretBox;
  readonly metrics: WebhookMetrics;
  /** Bounds the bytes of all deliveries in progress. */
  readonly budget: ByteBudget;
  /** Stops taking deliveries. Those in progress are finished. */
  readonly stopping: AbortSignal;
  /** Ends the attempts in progress, which are then repeated. */
  readonly aborting: AbortSignal;
}

/** How a run ended. */
export interface RunResult {
  readonly disabledReason: WebhookDisabledReason | null;
  readonly clientId: string;
  readonly teamId: string;
}

/**
 * Sends the deliveries of an endpoint that are due, at most ten at the same time, for some seconds. Then it adds the job for the
 * next ones.
 *
 * @returns the endpoint if the run has disabled it.
 */
export function sendDeliveries(parts: SendParts, endpointId: string): Promise<RunResult | undefined> {
  return new EndpointRun(parts, endpointId).run();
}

class EndpointRun {
  readonly #id = randomUUID();
  readonly #end = performance.now() + RUN_MS;
  readonly #sending = new Set<string>();
  #attempted: Promise<void> = Promise.resolve();
  #endpoint: TakenEndpoint | undefined;
  #succeeded = 0;
  #failed = 0;
  #isGone = false;

  constructor(
    private readonly parts: SendParts,
    private readonly endpointId: string,
  ) {}

  async run(): Promise<RunResult | undefined> {
    const deliveries = this.#due();
    const senders = Array.from({ length: limits.attemptsAtOnce }, async () => {
      for await (const sending of deliveries) await this.#attempt(sending);
    });
    const results = await Promise.allSettled(senders);
    for (const result of results) if (result.status === 'rejected') throw result.reason;
    return this.#release();
  }

  /** Gives deliveries that are due, until there are none, the run is over or the endpoint is down. */
  async *#due(): AsyncGenerator<Sending, void> {
    while (!this.#isOver()) {
      const taken = await this.parts.store.take({
        endpoint: this.endpointId,
        run: this.#id,
        sending: [...this.#sending],
        limit: TAKEN,
        maxBytes: TAKEN_BYTES,
      });
      this.#endpoint = taken?.endpoint;
      if (!taken || !isOpen(taken.endpoint)) return;
      const { endpoint, deliveries } = taken;
      const secrets = endpoint.secrets.map((secret) =>
        this.parts.box.open(secret, endpoint.endpointId).toString('utf8'),
      );
      if (deliveries.length === 0 && this.#sending.size === 0) return;
      const isFresh = until(performance.now() + FRESH_MS);
      for (const delivery of deliveries) {
        await this.#waitForRoom(delivery.bytes);
        if (this.#isOver() || !isFresh()) break;
        this.#sending.add(delivery.id);
        this.parts.budget.add(this.endpointId, delivery.bytes);
        yield { delivery, endpoint, secrets };
      }
      if (deliveries.length === 0) await this.#waitForAttempt();
    }
  }

  #isOver(): boolean {
    return this.parts.stopping.aborted || this.#isGone || this.#isDown() || performance.now() > this.#end;
  }

  /** An endpoint is down if as many attempts failed as are made at the same time, and none succeeded. */
  #isDown(): boolean {
    return this.#succeeded === 0 && this.#failed >= limits.attemptsAtOnce;
  }

  /** Waits until an attempt has ended, for a short time at most. */
  async #waitForAttempt(): Promise<void> {
    await Promise.race([this.#attempted, sleep(LOOK_AGAIN_MS)]);
  }

  async #waitForRoom(bytes: number): Promise<void> {
    while (!this.parts.budget.hasRoomFor(this.endpointId, bytes) && !this.#isOver())
      await this.#waitForAttempt();
  }

  async #attempt(sending: Sending): Promise<void> {
    const { delivery } = sending;
    const attempted = Promise.withResolvers<void>();
    this.#attempted = attempted.promise;
    try {
      await this.#send(sending);
    } finally {
      this.parts.budget.add(this.endpointId, -delivery.bytes);
      this.#sending.delete(delivery.id);
      attempted.resolve();
    }
  }

  async #send(sending: Sending): Promise<void> {
    const { store, sender, metrics, aborting } = this.parts;
    const { delivery } = sending;
    const at = new Date();
    const result = await attemptDelivery(sender, sending, at, aborting);
    if (!result) return;
    const succeeded = isSuccess(result);
    if (succeeded) this.#succeeded += 1;
    else this.#failed += 1;
    if (result.status === GONE) this.#isGone = true;
    metrics.observe(delivery, at, result);
    const { status, durationMs, error } = result;
    await store.record({
      deliveryId: delivery.id,
      attempt: { at: at.toISOString(), status, durationMs, error },
      succeeded,
      pauseMs: isLost(delivery) ? null : retryPauseMs(delivery.failedAttempts + 1),
    });
  }

  async #release(): Promise<RunResult | undefined> {
    const { store } = this.parts;
    // Without an endpoint another run has it. Its own end finds the deliveries of now, but this job may be for later ones.
    if (!this.#endpoint) {
      await store.wake(this.endpointId);
      return undefined;
    }
    const { status, isDeleted } = this.#endpoint;
    const reason = this.#disabledReason();
    const end = {
      endpoint: this.endpointId,
      run: this.#id,
      succeeded: this.#succeeded > 0,
      failed: this.#failed > 0,
      isDown: this.#isDown(),
      jitter: jitter(),
      reason,
    };
    const released = await store.release(end);
    if (!released) return undefined;
    const isDisabled = released.status === WebhookEndpointStatus.DISABLED;
    if (isDeleted || isDisabled) await store.cancel(this.endpointId);
    return isDisabled && status !== WebhookEndpointStatus.DISABLED ? released : undefined;
  }

  #disabledReason(): WebhookDisabledReason | null {
    if (this.#isGone) return WebhookDisabledReason.GONE;
    return this.#endpoint?.hasAccess === false ? WebhookDisabledReason.ACCESS_ENDED : null;
  }
}

function isOpen({ status, hasAccess, isDeleted, isDown }: TakenEndpoint): boolean {
  return status === WebhookEndpointStatus.ENABLED && hasAccess && !isDeleted && !isDown;
}

/** Whether a time has not come yet, in ms of `performance.now()`. */
const until = (time: number) => () => performance.now() < time;
