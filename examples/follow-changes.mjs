// Prints each change of the demo team's customers from now on, until Ctrl+C. Run examples/create-customer.mjs meanwhile.
import { setTimeout as sleep } from 'node:timers/promises';
import { demoCredentials, send } from './client.mjs';

/** The pause between two polls, in ms: 30 polls of the 100 calls that a client has in a minute by default. */
const POLL_MS = 2_000;

const credentials = await demoCredentials();
// A reader that continues after a restart stores this cursor with each page that it has processed.
let after = dataOf(await send(credentials, 'LastCustomerEventCursor', {})).lastCustomerEventCursor;
console.log('Waiting for changes.');

for (;;) {
  const { nodes, pageInfo } = dataOf(
    await send(credentials, 'CustomerEvents', { after, first: 100 }),
  ).customerEvents;
  for (const { type, version, occurredAt, customer, changes } of nodes) {
    console.log(`${occurredAt} ${type} ${customer.customer} <${customer.email}>, version ${version}`);
    for (const { field, before, after: now } of changes) console.log(`  ${field}: ${before} → ${now}`);
  }
  after = pageInfo.endCursor;
  if (!pageInfo.hasNextPage) await sleep(POLL_MS);
}

/** @param {{ data?: any, errors?: unknown }} response */
function dataOf({ data, errors }) {
  if (errors) {
    console.error(JSON.stringify(errors, null, 2));
    process.exit(1);
  }
  return data;
}
