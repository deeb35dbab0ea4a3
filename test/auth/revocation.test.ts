import { beforeAll, expect, test } from 'vitest';
import { eventually } from '../support/eventually.js';
import { type Operator, operator } from '../support/operator.js';
import { sharedResources } from '../support/resources.js';
import { SignedClient } from '../support/signed-client.js';
import { type PartnerOfTwo, startTwoGateways, type TwoGateways } from '../support/two-gateways.js';

/** What the operator is promised, in ms. */
const WITHIN_MS = 10_000;

let pair: TwoGateways;
let admin: Operator;
const resources = sharedResources();
beforeAll(async () => {
  // One of them in a process of its own: what the operator does in this one it can only hear of by the database.
  pair = resources.adopt(await startTwoGateways({ RATE_LIMIT_MAX: '10000' }, ['process', 'here']), (it) =>
    it.close(),
  );
  admin = operator(pair.environment);
});

/** What both gateways answer: OK, or the reason of their refusal. */
const answers = ({ one, other }: PartnerOfTwo): Promise<string[]> =>
  Promise.all(
    [one, other].map(async (client) => {
      const { status, json } = await client.send('{ __typename }');
      return status === 200 ? 'OK' : json.errors[0].extensions.reason;
    }),
  );

async function bothAnswer(partner: PartnerOfTwo, wanted: string): Promise<void> {
  await eventually(
    `both answer ${wanted}`,
    async () => (await answers(partner)).every((answer) => answer === wanted),
    WITHIN_MS,
  );
}

test('what is revoked is refused by every gateway within 10 s, and nothing else is', async () => {
  const [ofClient, ofToken, ofSecret, bystander] = await Promise.all([
    pair.newPartner(),
    pair.newPartner(),
    pair.newPartner(),
    pair.newPartner(),
  ]);
  const { credentials } = ofSecret.one;
  const rotated = await admin.ask('client', 'rotate', credentials.clientId);
  const successor = {
    teamId: ofSecret.teamId,
    one: new SignedClient(pair.gateways[0].url, { ...credentials, ...rotated }),
    other: new SignedClient(pair.gateways[1].url, { ...credentials, ...rotated }),
  };
  for (const partner of [ofClient, ofToken, ofSecret, successor]) await bothAnswer(partner, 'OK');

  const clients = await admin.ask('client', 'list');
  const { secrets } = clients.find(
    (client: { clientId: string }) => client.clientId === credentials.clientId,
  );
  const [{ tokenId }] = await admin.ask('token', 'list', '--team', ofToken.teamId);
  await admin.ask('client', 'revoke', ofClient.one.credentials.clientId);
  await admin.ask('token', 'revoke', tokenId);
  await admin.ask('client', 'revoke', credentials.clientId, '--secret', secrets[1].secretId);

  await Promise.all([
    bothAnswer(ofClient, 'SIGNATURE_MISMATCH'),
    bothAnswer(ofToken, 'TOKEN_REVOKED'),
    bothAnswer(ofSecret, 'SIGNATURE_MISMATCH'),
  ]);
  expect(await answers(successor)).toEqual(['OK', 'OK']);
  expect(await answers(bystander)).toEqual(['OK', 'OK']);
});
