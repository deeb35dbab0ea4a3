import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

/** The example app in processes of its own. */
export interface FrontendExample {
  /** Where its page is. */
  readonly url: string;
  stop(): Promise<void>;
}

/**
 * Starts the example app as its readers do, and waits until it says where its page is.
 *
 * @param args - of `npm`.
 * @throws when it ends before that.
 */
export async function startFrontendExample(
  args: readonly string[],
  variables: Readonly<Record<string, string>>,
): Promise<FrontendExample> {
  const { PATH, HOME } = process.env;
  const child = spawn('npm', args, {
    env: { PATH, HOME, PORT: '0', ...variables },
    stdio: ['ignore', 'pipe', 'pipe'],
    // npm starts shells, and they the app: a signal must reach all of them, as Ctrl-C in a terminal does.
    detached: true,
  });
  return { url: await pageUrl(child), stop: () => stopGroup(child) };
}

function pageUrl(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let output = '';
    const read = (chunk: Buffer) => {
      output += chunk.toString();
      const url = /The page is at (\S+)\n/.exec(output)?.[1];
      if (url) resolve(url);
    };
    child.stdout?.on('data', read);
    child.stderr?.on('data', read);
    child.once('close', () => {
      reject(new Error(`The example ended:\n${output}`));
    });
  });
}

async function stopGroup(child: ChildProcess): Promise<void> {
  if (child.pid === undefined) return;
  const closed = once(child, 'close');
  process.kill(-child.pid, 'SIGTERM');
  await closed;
}
