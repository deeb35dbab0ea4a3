import 'reflect-metadata';
import { inspect } from 'node:util';
import closeWithGrace from 'close-with-grace';
import { ConfigError, readConfig } from './config.js';
import { type Gateway, startGateway } from './server.js';

/** How long requests under way may take once we are told to stop, in ms. */
const CLOSE_DEADLINE_MS = 10_000;

function greet(gateway: Gateway): void {
  process.stdout.write(`\nThe gateway answers at ${gateway.url}\n`);
  if (!gateway.demo) return;
  const { credentials, file } = gateway.demo;
  process.stdout.write(
    [
      '',
      `  client id      ${credentials.clientId}`,
      `  client secret  ${credentials.clientSecret}`,
      `  token          ${credentials.token}`,
      `                 (also in ${file})`,
      '',
      'Send a first customer:  node examples/create-customer.mjs',
      '',
      '',
    ].join('\n'),
  );
}

try {
  const gateway = await startGateway(readConfig(process.env));
  greet(gateway);
  closeWithGrace({ delay: CLOSE_DEADLINE_MS }, async ({ err }) => {
    if (err) process.stderr.write(`${err.stack ?? err.message}\n`);
    await gateway.close();
  });
} catch (error) {
  process.stderr.write(`${error instanceof ConfigError ? error.message : inspect(error)}\n`);
  process.exitCode = 1;
}
