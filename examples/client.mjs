import { createHash, createHmac } from 'node:crypto';
import { readFile } from 'node:fs/promises';

/**
 * The credentials that `npm start` left in the data folder.
 *
 * @returns {Promise<{ url: string; clientId: string; clientSecret: string; token: string }>}
 */
export async function demoCredentials() {
  return JSON.parse(await readFile(`${process.env['DATA_DIR'] || '.data'}/demo.json`, 'utf8'));
}

/**
 * The headers of a POST, signed now.
 *
 * @param {{ clientId: string; clientSecret: string; token: string }} credentials
 * @param {string} path such as `/graphql`
 * @param {string} body
 * @param {number} [now] in ms, so that the same mutation sent again within a second has another signature: each is
 *   accepted once
 */
export function signedHeaders(credentials, path, body, now = Date.now()) {
  const timestamp = String(now);
  const bodyHash = createHash('sha256').update(body).digest('hex');
  const signature = createHmac('sha256', credentials.clientSecret)
    .update(`POST:${path}:${timestamp}:${bodyHash}`)
    .digest('hex');
  return {
    'content-type': 'application/json',
    'x-client-id': credentials.clientId,
    'x-timestamp': timestamp,
    'x-signature': signature,
    authorization: `Bearer ${credentials.token}`,
  };
}

/**
 * Signs one of the operations in `examples.graphql` and sends it.
 *
 * @param {{ url: string; clientId: string; clientSecret: string; token: string }} credentials
 * @param {string} operationName such as `CreateCustomer`
 * @param {Record<string, unknown>} variables
 * @returns {Promise<any>} the answer's JSON
 */
export async function send(credentials, operationName, variables) {
  const query = await readFile(new URL('examples.graphql', import.meta.url), 'utf8');
  const body = JSON.stringify({ query, operationName, variables });
  const path = new URL(credentials.url).pathname;
  const response = await fetch(credentials.url, {
    method: 'POST',
    headers: signedHeaders(credentials, path, body),
    body,
  });
  return response.json();
}

/** A customer with two addresses and two contacts, whose email nobody has yet. */
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
