import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { sharedResources } from '../../support/resources.js';
import { startPartner } from './partner-server.js';

const resources = sharedResources();

test('webhooks are sent directly even if the environment names a proxy', async () => {
  const partner = resources.adopt(
    await startPartner((_request, response) => response.writeHead(204).end()),
    (it) => it.close(),
  );
  const proxy = resources.adopt(
    await startPartner((_request, response) => response.writeHead(502).end()),
    (it) => it.close(),
  );
  const module = new URL('../../../dist/src/webhooks/send/webhook-sender.js', import.meta.url);
  const script = `
    const { WebhookSender } = await import(${JSON.stringify(module.href)});
    const sender = new WebhookSender({ allowPrivate: true, httpsOnly: false });
    console.log((await sender.send(${JSON.stringify(partner.url)}, {}, '{}')).status);
    sender.close();`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', script], {
    cwd: fileURLToPath(new URL('.', import.meta.url)),
    // Node reads these when it starts.
    env: {
      NODE_USE_ENV_PROXY: '1',
      HTTP_PROXY: `http://127.0.0.1:${proxy.port}`,
      http_proxy: `http://127.0.0.1:${proxy.port}`,
    },
  });
  expect(stdout.trim()).toBe('204');
  expect(proxy.connections()).toBe(0);
});
