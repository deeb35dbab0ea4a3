import { type Command, Option } from 'commander';
import { DeliveryLog } from '../webhooks/deliveries/delivery-log.js';
import { redeliverFailed } from '../webhooks/deliveries/redeliver-failed.js';
import { WebhookEndpointStatus } from '../webhooks/endpoints/endpoint-status.js';
import { disableEndpoint, listAllEndpoints } from '../webhooks/endpoints/operate-endpoints.js';
import { idArgument, timeArgument } from './arguments.js';
import { audited, type AuditOptions } from './audited.js';
import { type CommandIo } from './command-io.js';
import {
  answers,
  answersWithList,
  type ListOptions,
  type OutputOptions,
  print,
  printList,
} from './output.js';
import { withAudit, withDatabase } from './session.js';
import { UsageError } from './usage-error.js';

const statuses = {
  enabled: WebhookEndpointStatus.ENABLED,
  paused: WebhookEndpointStatus.PAUSED,
  disabled: WebhookEndpointStatus.DISABLED,
};

interface FilterOptions extends ListOptions {
  readonly client?: string;
  readonly team?: string;
  readonly status?: keyof typeof statuses;
}

type ChangeOptions = OutputOptions & AuditOptions;

interface RedeliverOptions extends ChangeOptions {
  readonly endpoint?: string;
  readonly since?: Date;
}

/** Webhook endpoints of all clients, and their deliveries. */
export function addWebhookCommands(program: Command, io: CommandIo): void {
  const webhook = program.command('webhook').description('manage the webhook endpoints of clients');

  answersWithList(webhook.command('list').description('list webhook endpoints, newest first'))
    .option('--client <id>', 'list only endpoints of this client', idArgument)
    .option('--team <id>', 'list only endpoints of this team', idArgument)
    .addOption(
      new Option('--status <status>', 'list only endpoints with this status').choices(Object.keys(statuses)),
    )
    .action((options: FilterOptions) => list(io, options));

  audited(answers(webhook.command('disable')))
    .description('disable an endpoint and cancel its pending deliveries')
    .argument('<endpoint>', 'endpoint ID', idArgument)
    .action((endpointId: string, options: ChangeOptions) => disable(io, endpointId, options));

  audited(answers(webhook.command('redeliver')))
    .description('send a delivery again, or all failed and canceled deliveries of an endpoint')
    .argument('[delivery]', 'delivery ID', idArgument)
    .option('--endpoint <id>', 'send all failed and canceled deliveries of this endpoint', idArgument)
    .option(
      '--since <time>',
      'with --endpoint: only deliveries created since this ISO 8601 time',
      timeArgument,
    )
    .action((deliveryId: string | undefined, options: RedeliverOptions) =>
      redeliver(io, deliveryId, options),
    );
}

async function list(io: CommandIo, { client, team, status, ...options }: FilterOptions): Promise<void> {
  const filter = { clientId: client, teamId: team, status: status && statuses[status] };
  const endpoints = await withDatabase(io, ({ orm }) => listAllEndpoints(orm, filter, options.limit));
  const rows = endpoints.map(({ id, url, ...endpoint }) => ({
    endpointId: id,
    ...endpoint,
    url: withoutQuery(url),
  }));
  printList(io, options, rows, (row) => ({
    'ENDPOINT ID': row.endpointId,
    'CLIENT ID': row.clientId,
    'TEAM ID': row.teamId,
    STATUS: row.status.toLowerCase(),
    REASON: row.disabledReason ?? '',
    'FAILING SINCE': row.failingSince?.toISOString() ?? '',
    PENDING: String(row.pendingDeliveries),
    URL: row.url,
  }));
}

/** A query string may contain a secret of the client. */
function withoutQuery(url: string): string {
  return url.split('?', 1)[0] ?? '';
}

async function disable(io: CommandIo, endpointId: string, options: ChangeOptions): Promise<void> {
  const result = await withAudit(io, options, 'webhook.disable', ({ orm, recordChange }) =>
    disableEndpoint(orm, endpointId, recordChange),
  );
  if (result === 'UNKNOWN') throw new Error(`Endpoint ${endpointId} does not exist.`);
  print(
    io,
    options,
    { endpointId, result },
    result === 'DISABLED'
      ? 'Disabled. Attempts in progress end within 15 s.'
      : 'Already disabled. Pending deliveries were canceled.',
  );
}

async function redeliver(
  io: CommandIo,
  deliveryId: string | undefined,
  { endpoint, since, ...options }: RedeliverOptions,
): Promise<void> {
  if ((deliveryId === undefined) === (endpoint === undefined)) {
    throw new UsageError('Specify a delivery ID or --endpoint.');
  }
  if (since !== undefined && endpoint === undefined) throw new UsageError('--since requires --endpoint.');
  if (deliveryId !== undefined) await redeliverOne(io, deliveryId, options);
  else if (endpoint !== undefined) await redeliverAll(io, endpoint, since, options);
}

async function redeliverOne(io: CommandIo, deliveryId: string, options: ChangeOptions): Promise<void> {
  const queued = await withAudit(io, options, 'webhook.redeliver', ({ orm, lists, recordChange }) =>
    new DeliveryLog(orm, lists).redeliverForOperator(deliveryId, recordChange),
  );
  if (!queued) throw new Error(`Delivery ${deliveryId} does not exist.`);
  if (queued === 'ENDPOINT_DISABLED')
    throw new Error(disabledMessage(`The endpoint of delivery ${deliveryId}`));
  print(io, options, { deliveryId, status: queued.status }, 'The delivery will be sent again.');
}

async function redeliverAll(
  io: CommandIo,
  endpointId: string,
  since: Date | undefined,
  options: ChangeOptions,
): Promise<void> {
  const queued = await withAudit(io, options, 'webhook.redeliver', ({ orm, recordChange }) =>
    redeliverFailed(orm, endpointId, since, recordChange),
  );
  if (!queued) throw new Error(`Endpoint ${endpointId} does not exist.`);
  if (queued === 'ENDPOINT_DISABLED') throw new Error(disabledMessage(`Endpoint ${endpointId}`));
  const { deliveries, isPaused } = queued;
  const paused = isPaused ? ' The endpoint is paused; they are sent when its client resumes it.' : '';
  print(
    io,
    options,
    { endpointId, deliveries },
    `Deliveries that will be sent again: ${deliveries}.${paused}`,
  );
}

const disabledMessage = (endpoint: string) =>
  `${endpoint} is disabled. Its client can enable it with \`updateWebhookEndpoint\` and \`paused: false\`.`;
