import { type Command } from 'commander';
import { type CommandIo } from '../command-io.js';

const HELP = `
Serves /healthz, /readyz and /metrics at HOST and PORT. Any number of these processes, and of gateways with WEBHOOKS=on,
share the deliveries. Applies no migrations. SIGTERM or SIGINT stops it within 10 s; attempts in progress are finished.

Example, beside gateways with WEBHOOKS=off:
  PORT=4001 customer-gateway work`;

/** Delivers webhooks in a process without the API. */
export function addWorkCommand(program: Command, io: CommandIo): void {
  program
    .command('work')
    .description('deliver webhooks until the process is stopped, without serving the API')
    .addHelpText('after', HELP)
    .action(async () => {
      const { runWorker } = await import('./run-worker.js');
      await runWorker(io);
    });
}
