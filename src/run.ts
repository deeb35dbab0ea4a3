import 'reflect-metadata';
import { inspect } from 'node:util';
import closeWithGrace from 'close-with-grace';
import { type Config, ConfigError, readConfig } from './config.js';
import { STOP_DEADLINE_MS } from './environment.js';
import { messageOf } from './faults/message-of.js';
import { asUnavailable } from './faults/unavailable.js';
import { type Gateway, startGateway } from './server.js';

function greet(gateway: Gateway): void {
  process.stdout.write(`\nThe gateway answers at ${gateway.url}\n`);
  if (gateway.playgroundUrl) process.stdout.write(`Try it in a browser at ${gateway.playgroundUrl}\n`);
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

/** Why a start failed: no stack where the words say it all. */
function reasonOf(error: unknown): string {
  if (error instanceof ConfigError) return error.message;
  const outage = asUnavailable(error);
  return outage ? `${outage.message}: ${messageOf(outage.cause)}` : inspect(error);
}

/** From here on a signal ends the gateway in order, also while it starts. */
async function run(config: Config): Promise<void> {
  const stopping = new AbortController();
  const starting = startGateway(config, stopping.signal);
  const { uninstall } = closeWithGrace({ delay: STOP_DEADLINE_MS }, async ({ err }) => {
    if (err) process.stderr.write(`${err.stack ?? err.message}\n`);
    stopping.abort();
    const gateway = await starting.catch(() => undefined);
    await gateway?.close();
  });
  try {
    greet(await starting);
  } catch (error) {
    if (stopping.signal.aborted) return;
    uninstall();
    throw error;
  }
}

try {
  await run(readConfig(process.env));
} catch (error) {
  process.stderr.write(`${reasonOf(error)}\n`);
  process.exitCode = 1;
}
