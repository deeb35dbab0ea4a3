import { type MikroORM } from '@mikro-orm/postgresql';
import { NIL } from 'uuid';
import { type RecordChange } from '../../audit/record-change.js';
import { withRetries } from '../../database/retry.js';
import { numberParameters } from '../../database/statement.js';
import { type Executor, inTransaction } from '../../database/transaction.js';
import { WebhookEndpointStatus } from '../endpoints/endpoint-status.js';
import { redeliverFailedStatement } from './redeliver-failed.statement.js';

/** Deliveries that will be sent again. */
export interface Redelivery {
  readonly deliveries: number;
  /** Whether they wait until the endpoint is resumed. */
  readonly isPaused: boolean;
}

interface BatchRow {
  readonly status: WebhookEndpointStatus;
  readonly queued: number;
  readonly last: string | null;
}

/**
 * Sends the failed and canceled deliveries of an endpoint again, batch by batch. Idempotent: a run that was interrupted can be
 * repeated.
 *
 * @param since - only deliveries that were created at this time or later.
 * @returns undefined if there is no such endpoint.
 */
export async function redeliverFailed(
  orm: MikroORM,
  endpoint: string,
  since: Date | undefined,
  recordChange?: RecordChange,
): Promise<Redelivery | 'ENDPOINT_DISABLED' | undefined> {
  const pool = await orm.em.getConnection().getNativeClient();
  const bind = numberParameters(redeliverFailedStatement);
  let deliveries = 0;
  for (let after: string = NIL; ;) {
    const values = { endpoint, after, since: since?.toISOString() };
    const queue = async (executor: Executor) => {
      const { rows } = await executor.query<BatchRow>(bind(values));
      const [batch] = rows;
      if (batch && batch.queued > 0) {
        await recordChange?.(executor, { details: { endpointId: endpoint, deliveries: batch.queued } });
      }
      return batch;
    };
    const row = await withRetries(() => inTransaction(pool, queue));
    if (!row) return undefined;
    if (row.status === WebhookEndpointStatus.DISABLED) return 'ENDPOINT_DISABLED';
    deliveries += row.queued;
    if (row.last === null) return { deliveries, isPaused: row.status === WebhookEndpointStatus.PAUSED };
    after = row.last;
  }
}
