import { type FastifyBaseLogger } from 'fastify';
import { pino } from 'pino';
import { type Config } from '../config/config.js';
import { serializeError } from '../errors/serialize-error.js';

/**
 * Opens the log on standard output: JSON, a line for each event, or lines for people. Each line is written before the
 * call returns, so none is lost when the process ends.
 */
export async function openLog({ logLevel, logFormat }: Pick<Config, 'logLevel' | 'logFormat'>) {
  const log: FastifyBaseLogger = pino(
    {
      level: logLevel,
      serializers: { err: serializeError },
      formatters: { level: (label) => ({ level: label }) },
    },
    logFormat === 'json' ? pino.destination({ sync: true }) : await prettyDestination(),
  );
  return log;
}

/** Loaded only where it is used, like the SDK for traces. */
async function prettyDestination(): Promise<{ write(line: string): void }> {
  const { prettyFormat } = await import('./pretty-format.js');
  const format = prettyFormat(process.stdout.isTTY && process.stdout.hasColors());
  return {
    write(line) {
      process.stdout.write(format(line));
    },
  };
}
