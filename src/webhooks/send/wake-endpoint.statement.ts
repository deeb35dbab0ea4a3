import { type Statement } from '../../database/statement.js';
import { addSendJob } from '../jobs/tasks.js';
import { wakeAt } from './wake.js';

/** Adds the job that sends the deliveries of an endpoint, as soon as they may be sent. */
export const wakeEndpointStatement: Statement = {
  name: 'wake-endpoint',
  text: `
    select ${addSendJob('id', wakeAt('webhook_endpoint'))} is not null as "isScheduled"
    from webhook_endpoint where id = :'endpoint'::uuid`,
};
