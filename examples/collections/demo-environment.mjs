import { writeFile } from 'node:fs/promises';
import { demoCredentials } from '../client.mjs';

/**
 * Writes the URL and the credentials of the demo client as an environment of Postman and as one of Bruno, beside `demo.json` in the
 * data folder, which is not committed.
 */
const { url, clientId, clientSecret, token } = await demoCredentials();
const secrets = Object.entries({ clientId, clientSecret, token });
const folder = process.env['DATA_DIR'] || '.data';

const postman = {
  name: 'Customer gateway (demo)',
  values: [
    { key: 'url', value: url, type: 'default', enabled: true },
    ...secrets.map(([key, value]) => ({ key, value, type: 'secret', enabled: true })),
  ],
};
const bruno = {
  name: 'Demo',
  variables: [
    { name: 'url', value: url, type: 'text', enabled: true, secret: false },
    ...secrets.map(([name, value]) => ({ name, value, type: 'text', enabled: true, secret: true })),
  ],
};

for (const [name, environment] of Object.entries({
  'demo.postman_environment.json': postman,
  'demo.bruno_environment.json': bruno,
})) {
  const file = `${folder}/${name}`;
  await writeFile(file, `${JSON.stringify(environment, null, 2)}\n`, { mode: 0o600 });
  console.log(file);
}
