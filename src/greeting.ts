import { type FastifyBaseLogger } from 'fastify';
import { type Config } from './config/config.js';
import { type Gateway } from './server.js';

/** Says that the gateway serves: to people, what to do next; in a log of JSON, one line without credentials. */
export function greet(gateway: Gateway, config: Config, log: FastifyBaseLogger): void {
  const { url, playgroundUrl, demo } = gateway;
  if (config.logFormat === 'json') {
    log.info({ url, playgroundUrl, demoFile: demo?.file }, 'started');
    return;
  }
  const lines = ['', `  GraphQL API    ${url}`];
  if (playgroundUrl) lines.push(`  Playground     ${playgroundUrl}`);
  if (demo) {
    const { clientId, clientSecret, token } = demo.credentials;
    lines.push(
      '',
      `  Demo client, also in ${demo.file}:`,
      `  client id      ${clientId}`,
      `  client secret  ${clientSecret}`,
      `  token          ${token}`,
      '',
      playgroundUrl
        ? 'To create a first customer, open the playground in a browser, or run in another terminal:'
        : 'To create a first customer, run in another terminal:',
      `  ${exampleCommand(config.dataDir)}`,
      '',
    );
  }
  lines.push('To stop, press Ctrl+C.', '', '');
  process.stdout.write(lines.join('\n'));
}

/** The example finds the demo client by the same variable as the gateway. */
function exampleCommand(dataDir: string): string {
  const command = 'node examples/create-customer.mjs';
  return dataDir === '.data' ? command : `DATA_DIR='${dataDir}' ${command}`;
}
