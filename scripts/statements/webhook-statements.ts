import { type MikroORM } from '@mikro-orm/postgresql';
import { listDeliveriesStatement } from '../../dist/src/webhooks/deliveries/list-deliveries.statement.js';
import { queueTestStatement } from '../../dist/src/webhooks/deliveries/queue-test.statement.js';
import { redeliverFailedStatement } from '../../dist/src/webhooks/deliveries/redeliver-failed.statement.js';
import { redeliverStatement } from '../../dist/src/webhooks/deliveries/redeliver.statement.js';
import {
  removeDeletedDeliveriesStatement,
  removeDeletedEndpointsStatement,
  removeOldDeliveriesStatement,
} from '../../dist/src/webhooks/deliveries/remove-old-deliveries.statement.js';
import { listAllEndpointsStatement } from '../../dist/src/webhooks/endpoints/list-all-endpoints.statement.js';
import { unlockJobsStatement } from '../../dist/src/webhooks/jobs/unlock-jobs.statement.js';
import { cancelDeliveriesStatement } from '../../dist/src/webhooks/send/cancel-deliveries.statement.js';
import { createDeliveriesStatement } from '../../dist/src/webhooks/send/create-deliveries.statement.js';
import { queueLengthStatement } from '../../dist/src/webhooks/send/queue-length.statement.js';
import { recordAttemptsStatement } from '../../dist/src/webhooks/send/record-attempts.statement.js';
import { releaseEndpointStatement } from '../../dist/src/webhooks/send/release-endpoint.statement.js';
import { takeDeliveriesStatement } from '../../dist/src/webhooks/send/take-deliveries.statement.js';
import { wakeEndpointStatement } from '../../dist/src/webhooks/send/wake-endpoint.statement.js';
import { prepared, unprepared } from './customer-statements.ts';
import { type Section } from './listed-statement.ts';

/** The statements of webhooks that are not written by the ORM. */
export function webhookStatements(orm: MikroORM): Section[] {
  return [
    {
      heading: 'Webhooks: the API',
      statements: [
        prepared(listDeliveriesStatement, 'For each list of deliveries.'),
        unprepared('queue-test', queueTestStatement, 'For each sendTestEvent.'),
        unprepared(
          'redeliver',
          redeliverStatement,
          'For each redeliver, and for the command of the operator.',
        ),
      ],
    },
    {
      heading: 'Webhooks: the commands of the operator',
      statements: [
        unprepared('list-all-endpoints', listAllEndpointsStatement, 'For the list of endpoints.'),
        unprepared(
          'redeliver-failed',
          redeliverFailedStatement,
          'For the failed deliveries of an endpoint, until no delivery is left. The first batch begins after the UUID of zeros.',
        ),
      ],
    },
    {
      heading: 'Webhooks: the worker. The trigger of customer_event adds the first job',
      statements: [
        prepared(createDeliveriesStatement, 'For the jobs of new events; several jobs share a statement.'),
        prepared(
          takeDeliveriesStatement(orm),
          'For the job of an endpoint, again and again until nothing is due or 10 seconds are over.',
        ),
        prepared(recordAttemptsStatement, 'After attempts; those of all endpoints share a statement.'),
        prepared(releaseEndpointStatement, 'At the end of the job of an endpoint.'),
        prepared(
          wakeEndpointStatement,
          'When another worker has the endpoint, and after an endpoint was updated.',
        ),
        prepared(
          cancelDeliveriesStatement,
          'For a disabled or deleted endpoint, until no full batch is left.',
        ),
        unprepared('unlock-jobs', unlockJobsStatement, 'Every 15 seconds.'),
        prepared(queueLengthStatement, 'For each scrape of /metrics.'),
      ],
    },
    {
      heading: 'Webhooks: removal, at the start and every 10 minutes',
      statements: [
        unprepared(
          'remove-old-deliveries',
          removeOldDeliveriesStatement,
          'Until no full batch is left. The first batch begins after the UUID of zeros.',
        ),
        unprepared(
          'remove-deleted-deliveries',
          removeDeletedDeliveriesStatement,
          'Until no full batch is left.',
        ),
        unprepared('remove-deleted-endpoints', removeDeletedEndpointsStatement, 'Afterwards.'),
      ],
    },
  ];
}
