import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Checkout, openCheckout } from '../support/checkout.js';
import { codeBlocks } from '../support/code-block.js';
import { createCustomer } from '../support/customers.js';
import { migratedDatabase } from '../support/database.js';
import { newEmail, SignedClient } from '../support/signed-client.js';

/** Each client, and a part of its program. */
const PROGRAMS = [
  ['fetch', "from 'customer-gateway-client'"],
  ['Apollo Client', '/apollo'],
  ['urql', 'exchanges: [fetchExchange]'],
  ['urql with Graphcache', '/graphcache'],
  ['graphql-request', '/graphql-request'],
] as const;

/** The email of a customer that exists. */
const taken = newEmail();

let checkout: Checkout;
let shared: string;
let programs: string[];
let variables: Record<string, string>;
beforeAll(async () => {
  checkout = await openCheckout();
  await checkout.start({ DATABASE_URL: await migratedDatabase() });
  const blocks = await codeBlocks('client/README.md');
  [shared = '', ...programs] = blocks.flatMap(({ language, code }) => (language === 'js' ? code : []));
  const demo = JSON.parse(await readFile(join(checkout.path, '.data/demo.json'), 'utf8'));
  await createCustomer(new SignedClient(demo.url, demo), { email: taken });
  variables = {
    GATEWAY_URL: demo.url,
    GATEWAY_CLIENT_ID: demo.clientId,
    GATEWAY_CLIENT_SECRET: demo.clientSecret,
    GATEWAY_TOKEN: demo.token,
  };
});
afterAll(() => checkout.close());

/** Runs the program of a client. @returns what it prints. */
async function runProgram(part: string): Promise<string> {
  const program = programs.find((code) => code.includes(part));
  await checkout.write('example.mjs', program ?? '');
  return checkout.run('node', ['example.mjs'], { variables });
}

test.each(PROGRAMS)('the program of client/README.md for %s creates a customer', async (_name, part) => {
  await checkout.write('gateway.mjs', shared);
  for (let times = 0; times < 2; times += 1) {
    const stdout = await runProgram(part);
    expect(stdout).toMatch(/"__typename": ?"Created".*"id": ?".+"email": ?"ada\+.+@acme\.example".*\}\n$/s);
  }
});

test.each(PROGRAMS)(
  'the program of client/README.md for %s prints the code of a conflict',
  async (_name, part) => {
    await checkout.write('gateway.mjs', shared.replace(/email: `.+`/, `email: '${taken}'`));
    expect(await runProgram(part)).toMatch(/"code": ?"EMAIL_EXISTS"/);
  },
);
