import { Counter, Histogram, type Registry, type RegistryContentType } from 'prom-client';
import { type DueDelivery } from './delivery-store.js';
import { type SendResult } from './webhook-sender.js';

const MS_PER_SECOND = 1_000;

/** From a receiver nearby to the timeout of an attempt, in seconds. */
const DURATION_BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** From an idle worker to the longest retry, in seconds. */
const DELAY_BUCKETS = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5, 15, 60, 300, 3_600];

/** The metrics of a worker. */
export class WebhookMetrics {
  readonly #attempts: Counter;
  readonly #duration: Histogram;
  readonly #delay: Histogram;

  constructor(registry: Registry<RegistryContentType>) {
    const registers = [registry];
    this.#attempts = new Counter({
      name: 'gateway_webhook_attempts_total',
      help: 'Attempts to deliver events to webhook endpoints by outcome: the class of the response status, such as 2xx, or no_response.',
      labelNames: ['outcome'],
      registers,
    });
    this.#duration = new Histogram({
      name: 'gateway_webhook_attempt_duration_seconds',
      help: 'Duration of attempts to deliver events.',
      buckets: DURATION_BUCKETS,
      registers,
    });
    this.#delay = new Histogram({
      name: 'gateway_webhook_first_attempt_delay_seconds',
      help: 'Time from the change of a customer to the first attempt to deliver its event.',
      buckets: DELAY_BUCKETS,
      registers,
    });
  }

  /** Counts an attempt that began at a time. */
  observe(
    { event, isNew }: DueDelivery,
    at: Date,
    { status, durationMs }: Pick<SendResult, 'status' | 'durationMs'>,
  ): void {
    const outcome = status === null ? 'no_response' : `${Math.floor(status / 100)}xx`;
    this.#attempts.inc({ outcome });
    this.#duration.observe(durationMs / MS_PER_SECOND);
    if (event && isNew) {
      this.#delay.observe((at.getTime() - event.occurredAt.getTime()) / MS_PER_SECOND);
    }
  }
}
