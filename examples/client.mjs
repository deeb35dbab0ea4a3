import { readFile } from 'node:fs/promises';
import { signRequest } from 'customer-gateway-client';

/** @typedef {import('customer-gateway-client').Credentials} Credentials */

/**
 * Reads the credentials that `npm start` writes to the data folder. Exits with a message if there are none.
 *
 * @returns {Promise<Credentials & { url: string }>}
 */
export async function demoCredentials() {
  const file = `${process.env['DATA_DIR'] || '.data'}/demo.json`;
  try {
    return JSON.parse(await readFile(file, 'utf8'));
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
    return exit(`${file} does not exist. Run npm start in another terminal, then repeat this command here.`);
  }
}

/**
 * Sends a POST. Exits with a message if the gateway cannot be reached.
 *
 * @param {string} url
 * @param {Record<string, string>} headers
 * @param {string} body
 */
export async function post(url, headers, body) {
  try {
    return await fetch(url, { method: 'POST', headers, body });
  } catch (error) {
    return exit(
      `${url} cannot be reached (${error.cause?.code ?? error}). Run npm start in another terminal.`,
    );
  }
}

/**
 * Signs one of the operations in `examples.graphql` and sends it.
 *
 * @param {Credentials & { url: string }} credentials
 * @param {string} operationName such as `CreateCustomer`
 * @param {Record<string, unknown>} variables
 * @returns {Promise<any>} the response's JSON
 */
export async function send(credentials, operationName, variables) {
  const query = await readFile(new URL('examples.graphql', import.meta.url), 'utf8');
  const body = JSON.stringify({ query, operationName, variables });
  const { headers } = await signRequest(credentials, { path: new URL(credentials.url).pathname, body });
  return (await post(credentials.url, headers, body)).json();
}

/** A customer with two addresses, two contacts and a unique email address. */
export function newCustomer() {
  return {
    customer: 'Grace Hopper Ltd',
    email: `accounts+${Date.now()}@hopper.example`,
    mainPhone: '+1 212 555 0100',
    website: 'https://hopper.example',
    billingAddress: {
      street: '1 Compiler Row',
      city: 'Arlington',
      state: 'VA',
      zipCode: '22201',
      country: 'US',
    },
    shippingAddress: {
      street: '9 Harbour Street',
      city: 'New York',
      state: 'NY',
      zipCode: '10004',
      country: 'US',
    },
    contacts: [
      { firstName: 'Grace', lastName: 'Hopper', email: 'grace@hopper.example', isPrimary: true },
      { firstName: 'Howard', lastName: 'Aiken', phone: '+1 617 555 0144' },
    ],
  };
}

/** @param {string} message @returns {never} */
function exit(message) {
  console.error(message);
  process.exit(1);
}
