import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestGateway, type TestGateway } from '../support/gateway.js';
import { operator } from '../support/operator.js';
import { CLI, run, temporaryFolder } from '../support/process.js';
import { describeWith } from '../support/programs.js';
import { newEmail, type SignedClient } from '../support/signed-client.js';

let gateway: TestGateway;
let partner: SignedClient;
let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let bodyFile: string;
let credentialsFile: string;

/** With line breaks and text that is no ASCII: what is signed is its bytes. */
const bodyWith = (email: string) => `{
"query": "mutation Create($input: CreateCustomerInput!) { createCustomer(input: $input) { __typename } }",
"variables": { "input": { "customer": "Å & Søn", "email": "${email}" } }
}
`;
const body = bodyWith(newEmail());

beforeAll(async () => {
  gateway = await startTestGateway();
  partner = gateway.nextPartner();
  folder = await temporaryFolder();
  bodyFile = join(folder.path, 'body.json');
  credentialsFile = join(folder.path, 'credentials.json');
  await writeFile(bodyFile, body);
  await writeFile(credentialsFile, JSON.stringify({ url: gateway.url, ...partner.credentials }));
});
afterAll(async () => {
  await gateway.close();
  await folder.remove();
});

/** Who has the secrets in variables. Nothing of a gateway is configured. */
const withVariables = (changes: Record<string, string> = {}) =>
  operator({
    CUSTOMER_GATEWAY_CLIENT_SECRET: partner.credentials.clientSecret,
    CUSTOMER_GATEWAY_TOKEN: partner.credentials.token,
    ...changes,
  });

describeWith('curl')('the headers of `sign` let curl call a gateway', () => {
  /** Runs `sign` with these words of a shell, and curl behind it; `$body` and `$url` are what is sent and where to. */
  async function callWith(words: string, variables: Record<string, string>) {
    const file = join(folder.path, `${newEmail()}.json`);
    await writeFile(file, bodyWith(newEmail()));
    const command = `"$node" ${CLI} sign ${words} | curl -sS -H @- --data-binary @"$body" "$url"`;
    const places = { node: process.execPath, body: file, url: gateway.url };
    const { stdout, stderr } = await run('sh', ['-c', command], { ...places, ...variables });
    expect(stderr).toBe('');
    return JSON.parse(stdout);
  }
  const created = { data: { createCustomer: { __typename: 'Created' } } };

  test('with the credentials of a file', async () => {
    const words = '--credentials "$credentials" --body "$body"';
    expect(await callWith(words, { credentials: credentialsFile })).toEqual(created);
  });

  test('with secrets of the environment, and the body from stdin', async () => {
    const { clientId, clientSecret, token } = partner.credentials;
    const answer = await callWith('--client "$client" --url "$url" < "$body"', {
      client: clientId,
      CUSTOMER_GATEWAY_CLIENT_SECRET: clientSecret,
      CUSTOMER_GATEWAY_TOKEN: token,
    });
    expect(answer).toEqual(created);
  });
});

describe('`sign --json`', () => {
  test('has the headers and what was signed, and no secret', async () => {
    const { clientId, clientSecret, token } = partner.credentials;
    const url = 'https://gateway.example/under/graphql?from=here';
    const words = ['sign', '--client', clientId, '--url', url, '--body', bodyFile, '--json'];
    const { code, stdout } = await withVariables().run(...words);
    expect(code).toBe(0);
    expect(stdout).not.toContain(clientSecret);
    const signed = JSON.parse(stdout);
    const timestamp = signed.headers['x-timestamp'];
    expect(signed).toEqual({
      method: 'POST',
      url,
      headers: {
        'Content-Type': 'application/json',
        'x-client-id': clientId,
        'x-timestamp': expect.stringMatching(/^\d{13}$/),
        'x-signature': expect.stringMatching(/^[0-9a-f]{64}$/),
        Authorization: `Bearer ${token}`,
      },
      stringToSign: `POST:/under/graphql:${timestamp}:${createHash('sha256').update(body).digest('hex')}`,
    });
  });

  test('signs for the URL of the credentials file', async () => {
    const signed = await operator({}).ask('sign', '--credentials', credentialsFile, '--body', bodyFile);
    expect(signed.url).toBe(gateway.url);
  });
});

describe('`sign` ends with 2 and prints no secret when', () => {
  const sign = async (words: string[], variables: Record<string, string> = {}) => {
    const { code, stdout, stderr } = await withVariables(variables).run('sign', '--body', bodyFile, ...words);
    expect([code, stdout]).toEqual([2, '']);
    return stderr;
  };
  const credentialsOf = async (content: string) => {
    const file = join(folder.path, 'wrong.json');
    await writeFile(file, content);
    return file;
  };

  test('it gets no credentials', async () => {
    expect(await sign([])).toContain('--client or --credentials');
  });

  test('both ways are used at once', async () => {
    const words = ['--client', partner.credentials.clientId, '--credentials', credentialsFile];
    expect(await sign(words)).toContain('cannot be used with');
  });

  test('the variables are not usable: all of them are named', async () => {
    const stderr = await sign(['--client', partner.credentials.clientId], {
      CUSTOMER_GATEWAY_CLIENT_SECRET: '',
      CUSTOMER_GATEWAY_TOKEN: 'hunter2\r\nX-Forged: 1',
    });
    expect(stderr).toContain('CUSTOMER_GATEWAY_CLIENT_SECRET must not be empty.');
    expect(stderr).toContain('CUSTOMER_GATEWAY_TOKEN must be a valid token.');
    expect(stderr).not.toContain('hunter2');
  });

  test('the file has not all that it must have', async () => {
    const stderr = await sign(['--credentials', await credentialsOf('{"clientId":"hunter2"}')]);
    for (const field of ['clientId', 'clientSecret', 'token'])
      expect(stderr).toContain(`wrong.json: ${field}`);
    expect(stderr).not.toContain('hunter2');
  });

  test('the file is no JSON', async () => {
    const stderr = await sign(['--credentials', await credentialsOf('clientSecret=hunter2')]);
    expect(stderr).toContain('must be a JSON object');
    expect(stderr).not.toContain('hunter2');
  });

  test('a file is not there', async () => {
    expect(await sign(['--credentials', join(folder.path, 'absent')])).toMatch(/^Cannot read \S*absent: /);
    const words = ['sign', '--credentials', credentialsFile, '--body', join(folder.path, 'absent')];
    const { code, stderr } = await operator({}).run(...words);
    expect([code, stderr]).toEqual([2, expect.stringMatching(/^Cannot read \S*absent: /)]);
  });

  test('the URL is none', async () => {
    const words = ['--client', partner.credentials.clientId, '--url', 'localhost:4000'];
    expect(await sign(words)).toContain('http or https URL');
  });
});
