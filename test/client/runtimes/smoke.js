import { createSignedFetch } from '../../../client/dist/index.js';

const QUICK = { retry: { baseDelayMs: 1 } };

/**
 * What the client must be able to do in every runtime: create a customer, by a Request that it may have to send again, and
 * tell why a wrong secret is refused.
 *
 * @param {{ url: string; email: string; credentials: { clientId: string; clientSecret: string; token: string } }} call
 */
export async function smoke({ url, email, credentials }) {
  const body = JSON.stringify({
    query: `mutation ($input: CreateCustomerInput!, $idempotencyKey: String) {
      createCustomer(input: $input, idempotencyKey: $idempotencyKey) { __typename }
    }`,
    variables: { input: { customer: 'Zoë & Söhne 🚀', email } },
  });
  const created = await createSignedFetch(credentials, QUICK)(new Request(url, { method: 'POST', body }));
  const refused = await createSignedFetch({ ...credentials, clientSecret: 'wrong' }, QUICK)(url, {
    method: 'POST',
    body,
  });
  return { created: await created.json(), refused: await refused.json() };
}
