import { pino } from 'pino';
import { readConfig } from '../../src/config/config.js';
import { openLog } from '../../src/observability/log.js';
import { startGateway } from '../../src/start-gateway.js';
import { explainStartFailure } from '../../src/start-failure.js';

/** A gateway in this process, which takes a fraction of the time of one of its own. */
export interface LocalGateway {
  /** Where operations are sent. */
  readonly url: string;
  /** What it has logged so far, a line of JSON for each event. */
  output(): string;
  close(): Promise<void>;
}

/** One that may not answer yet. */
export type StartingLocalGateway = Pick<LocalGateway, 'output'> & {
  /** Resolves when it answers. @throws when its start fails. */
  answers(): Promise<LocalGateway>;
};

/**
 * Starts one with these environment variables, as a process of its own would have them: for tests that are not about
 * signals, crashes or what a process writes.
 */
export function openLocalGateway(variables: Readonly<Record<string, string>>): StartingLocalGateway {
  const config = readConfig({ PORT: '0', SHUTDOWN_DELAY_SECONDS: '0', ...variables });
  let logged = '';
  const write = (line: string) => {
    logged += line;
  };
  const output = () => logged;
  const starting = startGateway(config, pino({ level: config.logLevel }, { write }));
  // Whoever waits for it hears of it; until then a start that fails must not end the tests.
  starting.catch(() => {});
  return {
    output,
    async answers() {
      const gateway = await starting;
      return { url: gateway.url, output, close: () => gateway.close() };
    },
  };
}

/**
 * Starts a gateway that must be refused, in this process.
 *
 * @returns the sentence that the process prints, which is one line.
 */
export async function refusedStart(variables: Readonly<Record<string, string>>): Promise<string> {
  const config = readConfig({ PORT: '0', LOG_LEVEL: 'silent', ...variables });
  try {
    const gateway = await startGateway(config, await openLog(config));
    await gateway.close();
  } catch (error) {
    const sentence = explainStartFailure(error, config);
    if (sentence === undefined || sentence.includes('\n')) throw new Error('Not one line', { cause: error });
    return sentence;
  }
  throw new Error('The gateway started');
}
