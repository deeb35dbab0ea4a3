import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Checkout, openCheckout } from '../support/checkout.js';
import { codeBlocks } from '../support/code-block.js';
import { migratedDatabase } from '../support/database.js';

let checkout: Checkout;
let programs: string[];
let variables: Record<string, string>;
beforeAll(async () => {
  checkout = await openCheckout();
  await checkout.start({ DATABASE_URL: await migratedDatabase() });
  const blocks = await codeBlocks('client/README.md');
  const [shared = '', ...others] = blocks.flatMap(({ language, code }) => (language === 'js' ? code : []));
  await checkout.write('gateway.mjs', shared);
  programs = others;
  const demo = JSON.parse(await readFile(join(checkout.path, '.data/demo.json'), 'utf8'));
  variables = {
    GATEWAY_URL: demo.url,
    GATEWAY_CLIENT_ID: demo.clientId,
    GATEWAY_CLIENT_SECRET: demo.clientSecret,
    GATEWAY_TOKEN: demo.token,
  };
});
afterAll(() => checkout.close());

test.each([
  'customer-gateway-client',
  'customer-gateway-client/apollo',
  'customer-gateway-client/urql',
  'customer-gateway-client/graphql-request',
])('the program of client/README.md for %s creates a customer and prints the response', async (name) => {
  const program = programs.find((code) => code.includes(`from '${name}'`));
  await checkout.write('example.mjs', program ?? '');
  for (let times = 0; times < 2; times += 1) {
    const stdout = await checkout.run('node', ['example.mjs'], { variables });
    expect(stdout).toMatch(/"__typename": ?"Created".*"email": ?"ada\+.+@acme\.example".*\}\n$/s);
  }
});
