import { type FastifyBaseLogger } from 'fastify';
import { type Config } from './config/config.js';
import { type Gateway } from './server.js';

/** Reports that the gateway has started: next steps for a terminal, or one line without credentials for a JSON log. */
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
      `  Demo client (saved in ${demo.file}):`,
      `  client id      ${clientId}`,
      `  client secret  ${clientSecret}`,
      `  token          ${token}`,
      '',
      playgroundUrl
        ? 'To create your first customer, open the playground in a browser, or run this in another terminal:'
        : 'To create your first customer, run this in another terminal:',
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
