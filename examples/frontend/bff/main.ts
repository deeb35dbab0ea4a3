import { readDocuments } from './documents.ts';
import { connectGateway, findGatewayProblem } from './gateway.ts';
import { buildServer } from './server.ts';
import { readSettings, SettingsError } from './settings.ts';

/** Starts the page and its back end, and prints the URL of the page. */
async function start(): Promise<void> {
  const { port, gatewayUrl, credentials } = await readSettings();
  const problem = await findGatewayProblem(gatewayUrl);
  if (problem !== undefined) throw new SettingsError(problem);
  const documents = await readDocuments();
  const sendToGateway = connectGateway(gatewayUrl, credentials, documents);
  const app = await buildServer(documents, sendToGateway, process.argv.includes('--dev'));
  const url = await app.listen({ host: '127.0.0.1', port });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void app.close());
  process.stdout.write(`\nThe page is at ${url}\n`);
}

try {
  await start();
} catch (error) {
  process.stderr.write(error instanceof SettingsError ? `\n${error.message}\n` : `\n${String(error)}\n`);
  process.exitCode = 1;
}
