import { type MikroORM } from '@mikro-orm/postgresql';
import { type RecordChange } from '../../audit/record-change.js';
import { numberParameters } from '../../database/statement.js';
import { DeliveryStore } from '../send/delivery-store.js';
import { WebhookDisabledReason, WebhookEndpointStatus } from './endpoint-status.js';
import { listAllEndpointsStatement } from './list-all-endpoints.statement.js';
import { WebhookEndpoint } from './webhook-endpoint.entity.js';

/** An endpoint as the operator sees it. */
export interface OperatedEndpoint {
  readonly id: string;
  readonly clientId: string;
  readonly teamId: string;
  readonly url: string;
  readonly status: WebhookEndpointStatus;
  readonly disabledReason: WebhookDisabledReason | null;
  readonly failingSince: Date | null;
  readonly createdAt: Date;
  /** At most 10,000 are counted. */
  readonly pendingDeliveries: number;
}

/** Which endpoints to list. A filter that is undefined is not applied. */
export interface EndpointFilter {
  readonly clientId: string | undefined;
  readonly teamId: string | undefined;
  readonly status: WebhookEndpointStatus | undefined;
}

/** Result of disabling an endpoint, which is idempotent. */
export type Disabling = 'DISABLED' | 'ALREADY_DISABLED' | 'UNKNOWN';

type EndpointRow = Omit<OperatedEndpoint, 'failingSince' | 'createdAt'> & {
  readonly failingSince: string | null;
  readonly createdAt: string;
};

/** The newest endpoints of all clients, at most `limit`, without deleted ones. */
export async function listAllEndpoints(
  orm: MikroORM,
  { clientId, teamId, status }: EndpointFilter,
  limit: number,
): Promise<OperatedEndpoint[]> {
  const pool = await orm.em.getConnection().getNativeClient();
  const bind = numberParameters(listAllEndpointsStatement);
  const { rows } = await pool.query<EndpointRow>(bind({ clientId, teamId, status, limit }));
  return rows.map(({ failingSince, createdAt, ...row }) => ({
    ...row,
    failingSince: failingSince === null ? null : new Date(failingSince),
    createdAt: new Date(createdAt),
  }));
}

/**
 * Disables an endpoint for the operator and cancels its pending deliveries. Repeating it cancels what an interrupted run has left.
 * Deliveries that are created at the same moment are canceled by the job that is added with them.
 */
export async function disableEndpoint(
  orm: MikroORM,
  endpointId: string,
  recordChange?: RecordChange,
): Promise<Disabling> {
  const em = orm.em.fork();
  const existing = { id: endpointId, deletedAt: null };
  const disabled = await em.transactional(async (transaction) => {
    const updated = await transaction.nativeUpdate(
      WebhookEndpoint,
      { ...existing, status: { $ne: WebhookEndpointStatus.DISABLED } },
      {
        status: WebhookEndpointStatus.DISABLED,
        disabledReason: WebhookDisabledReason.OPERATOR,
        updatedAt: new Date(),
      },
    );
    if (updated > 0) await recordChange?.(transaction, { details: { endpointId } });
    return updated;
  });
  if (disabled === 0 && (await em.count(WebhookEndpoint, existing)) === 0) return 'UNKNOWN';
  await new DeliveryStore(orm, await orm.em.getConnection().getNativeClient()).cancel(endpointId);
  return disabled > 0 ? 'DISABLED' : 'ALREADY_DISABLED';
}
