import { type Statement } from '../../database/statement.js';

/** Gives those of the customers that a batch of an import has changed. */
export const batchChangesStatement: Statement = {
  name: 'batch-changes',
  text: `
    select customer_id as "uuid" from customer_event
    where customer_id = any(:'uuids'::uuid[]) and team_id = :'teamId'::uuid and batch_id = :'batchId'::uuid`,
};
