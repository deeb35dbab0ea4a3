import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { delimiter, join } from 'node:path';

/** Settings of the tests, of their runner and of the gateway, which a program that a user starts does not inherit. */
const OWN_VARIABLES =
  /^(NODE_ENV|PORT|DATA_DIR|npm_config_loglevel|TEST|TEST_.*|VITEST|VITEST_.*|MODE|DEV|PROD|SSR|BASE_URL|GATEWAY_.*|DATABASE_.*|REDIS_.*|RATE_LIMIT_.*|SECRETS_KEY)$/;

/** The caller's environment, with its proxies, certificates and npm settings. */
function callerEnvironment(variables: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(([name]) => !OWN_VARIABLES.test(name));
  return { ...Object.fromEntries(inherited), ...variables };
}

/** PATH of a user's shell, without the `node_modules/.bin` folders that npm adds for the tests. */
export const usersPath = (process.env['PATH'] ?? '')
  .split(delimiter)
  .filter((folder) => !folder.endsWith(join('node_modules', '.bin')))
  .join(delimiter);

interface ShellOptions {
  readonly cwd: string;
  readonly variables?: Readonly<Record<string, string>>;
}

/** A shell command and every process it starts. */
export interface ShellProcess {
  /**
   * Waits until the output matches. @returns the match.
   *
   * @throws when the command ends first or after `timeoutMs`, and stops it.
   */
  matching(pattern: RegExp, timeoutMs: number): Promise<RegExpExecArray>;
  /**
   * Waits for the end. @returns the output.
   *
   * @throws when the command fails or after `timeoutMs`, and stops it.
   */
  succeeded(timeoutMs: number): Promise<string>;
  /** Stops all its processes. */
  stop(): Promise<void>;
}

/** Starts a command with the caller's environment. */
export function startShell(command: string, { cwd, variables = {} }: ShellOptions): ShellProcess {
  const child = spawn('sh', ['-ec', command], {
    cwd,
    env: callerEnvironment(variables),
    stdio: ['ignore', 'pipe', 'pipe'],
    // A process group: npm starts shells, and they start programs. A signal must reach all of them.
    detached: true,
  });
  let output = '';
  const closed = once(child, 'close');
  const changed = new EventTarget();
  const read = (chunk: Buffer) => {
    output += chunk.toString();
    changed.dispatchEvent(new Event('output'));
  };
  child.stdout.on('data', read);
  child.stderr.on('data', read);

  async function stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
    process.kill(-child.pid, signal);
    await closed;
  }

  /** Rejects after a time, and stops the command if `promise` does not resolve. */
  async function bounded<T>(promise: Promise<T>, timeoutMs: number): Promise<T> {
    const timeout = Promise.withResolvers<never>();
    const timer = setTimeout(() => {
      timeout.reject(new Error(`\`${command}\` took longer than ${timeoutMs} ms:\n${output}`));
    }, timeoutMs);
    try {
      return await Promise.race([promise, timeout.promise]);
    } catch (error) {
      await stop('SIGKILL');
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }

  const failed = async (): Promise<never> => {
    await closed;
    throw new Error(`\`${command}\` ended with code ${child.exitCode}:\n${output}`);
  };

  return {
    matching: (pattern, timeoutMs) => {
      const found = new Promise<RegExpExecArray>((resolve) => {
        const look = () => {
          const match = pattern.exec(output);
          if (match) resolve(match);
        };
        changed.addEventListener('output', look);
        look();
      });
      return bounded(Promise.race([found, failed()]), timeoutMs);
    },
    succeeded: (timeoutMs) =>
      bounded(
        closed.then(() => (child.exitCode === 0 ? output : failed())),
        timeoutMs,
      ),
    stop: () => stop(),
  };
}
