// Prints the four outcomes of createCustomer: Created, Conflict, ValidationError and RateLimited.
import { demoCredentials, newCustomer, send } from './client.mjs';
import { command, createClient, teamOf } from './operator.mjs';

const { url, clientId: demoClientId } = await demoCredentials();
// A separate client, so that the last step does not use up the demo client's rate limit.
const client = await createClient('Outcomes example', () => teamOf(demoClientId));

/** @param {Record<string, unknown>} input */
async function create(input) {
  const response = await send({ ...client, url }, 'CreateCustomer', { input });
  if (response.errors) throw new Error(JSON.stringify(response.errors));
  return response.data.createCustomer;
}

/** @param {string} title @param {unknown} outcome */
const show = (title, outcome) => console.log(`\n# ${title}\n${JSON.stringify(outcome, null, 2)}`);

const customer = newCustomer();
const invalidCustomer = {
  customer: ' ',
  email: 'not an email address',
  contacts: [{ firstName: 'Ada', email: '@' }],
};
try {
  show('A customer with two addresses and two contacts', await create(customer));
  show('The same customer again', await create(customer));
  show('A customer with three invalid fields', await create(invalidCustomer));
  let outcome;
  do outcome = await create(invalidCustomer);
  while (outcome.__typename !== 'RateLimited');
  show('More requests than the rate limit allows', outcome);
} finally {
  await command('client', 'revoke', client.clientId);
}
