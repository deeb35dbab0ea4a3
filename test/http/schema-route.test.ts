import { readFile } from 'node:fs/promises';
import { afterEach, expect, test } from 'vitest';
import { startTestGateway, type TestGateway } from '../support/gateway.js';

let gateway: TestGateway;
afterEach(() => gateway.close());

const schema = () => fetch(new URL('/schema.graphql', gateway.url));

test('GET /schema.graphql returns the schema', async () => {
  gateway = await startTestGateway({}, 0);
  const response = await schema();
  expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/plain; charset=utf-8']);
  expect(await response.text()).toBe(await readFile('schema.graphql', 'utf8'));
});

test.each([
  ['does not exist in production', false, 404],
  ['exists in production with the playground', true, 200],
])('it %s', async (_name, playground, status) => {
  gateway = await startTestGateway({ environment: 'production', playground }, 0);
  expect((await schema()).status).toBe(status);
});
