// Shows the four outcomes of createCustomer: a customer, the same again, a bad one, and more than the limit allows.
import { demoCredentials, newCustomer, send } from './client.mjs';

const credentials = await demoCredentials();
const good = newCustomer();
const bad = { customer: ' ', email: 'nobody', contacts: [{ firstName: 'Ada', email: '@' }] };

/** @param {Record<string, unknown>} input */
const create = async (input) => {
  const answer = await send(credentials, 'CreateCustomer', { input });
  if (answer.errors) throw new Error(JSON.stringify(answer.errors));
  return answer.data.createCustomer;
};

/** @param {string} title @param {unknown} outcome */
const show = (title, outcome) => console.log(`\n# ${title}\n${JSON.stringify(outcome, null, 2)}`);

show('A customer with two addresses and two contacts', await create(good));
show('The same again', await create(good));
show('One that breaks rules', await create(bad));

let outcome;
do outcome = await create(bad);
while (outcome.__typename !== 'RateLimited');
show('More than the limit allows', outcome);
