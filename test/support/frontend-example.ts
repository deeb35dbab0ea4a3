import { cp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { codeBlocks } from './code-block.js';
import { temporaryFolder } from './process.js';
import { type ShellProcess, startShell } from './shell.js';

const SOURCE = 'examples/frontend';
/** Files in the folder that are not part of the repository. */
const GENERATED = new Set(['node_modules', 'generated', 'dist', '.env']);

const STEP_TIMEOUT_MS = 180_000;
const START_TIMEOUT_MS = 60_000;

/** Registry requests that fail are retried within seconds, so that a test without network ends soon. */
const INSTALL_SETTINGS = {
  npm_config_prefer_offline: 'true',
  npm_config_fetch_retry_mintimeout: '1000',
  npm_config_fetch_retry_maxtimeout: '3000',
};

/** The example in an empty folder, installed and built by the steps of its README. */
export interface InstalledExample {
  readonly folder: string;
  /** Output of the step that installs the packages. */
  readonly installOutput: string;
  /** Runs the step that publishes the operations for a client, in the gateway's folder with the gateway's settings. */
  publish(clientId: string, variables: Readonly<Record<string, string>>): Promise<void>;
  /** Runs the README's last step. */
  start(variables: Readonly<Record<string, string>>): Promise<RunningExample>;
  /** Starts the build without npm. */
  serve(variables: Readonly<Record<string, string>>): Promise<RunningExample>;
  /** Runs a command in the folder and waits for its end. @throws when it fails. */
  run(command: string, variables?: Readonly<Record<string, string>>): Promise<string>;
  /** Starts a command in the folder that serves the page. */
  open(command: string, variables: Readonly<Record<string, string>>): Promise<RunningExample>;
  /** Fills in `.env`. @returns a function that empties it again. */
  configure(settings: Readonly<Record<string, string>>): Promise<() => Promise<void>>;
  /** Copies the sources to another folder that uses the installed packages. */
  fork(): Promise<{ readonly folder: string; remove(): Promise<void> }>;
  /** Stops every command that still runs, such as that of a test that timed out, and removes the folder. */
  remove(): Promise<void>;
}

export interface RunningExample {
  /** URL of the page. */
  readonly url: string;
  stop(): Promise<void>;
}

const copySources = (from: string, to: string) =>
  cp(from, to, { recursive: true, filter: (path) => !GENERATED.has(basename(path)) });

/** Follows the README in an empty folder up to the start, which needs a gateway. */
export async function installFrontendExample(): Promise<InstalledExample> {
  const parent = await temporaryFolder();
  try {
    const clone = join(parent.path, 'customer-gateway');
    await copySources(SOURCE, join(clone, SOURCE));
    const blocks = await codeBlocks(join(clone, SOURCE, 'README.md'));
    const steps = blocks.filter(({ language }) => language === 'sh').map(({ code }) => code);
    const [copy, install, configure, build, publish, start] = steps;
    if (!copy || !install || !configure || !build || !publish || !start || steps.length > 6) {
      throw new Error(`The README of the example has ${steps.length} steps instead of 6`);
    }
    const folder = (await run(`${copy}\npwd`, parent.path)).trim();
    // The copy must not need the repository it was copied from.
    await rm(clone, { recursive: true });
    const installOutput = await run(install, folder, INSTALL_SETTINGS);
    await run(configure, folder);
    await run(build, folder);
    return installed(folder, installOutput, { publish, start }, parent.remove);
  } catch (error) {
    await parent.remove();
    throw error;
  }
}

function installed(
  folder: string,
  installOutput: string,
  steps: { readonly publish: string; readonly start: string },
  removeFolder: () => Promise<void>,
): InstalledExample {
  const shells: ShellProcess[] = [];
  const startHere = (command: string, variables: Readonly<Record<string, string>>) => {
    const shell = startShell(command, { cwd: folder, variables });
    shells.push(shell);
    return shell;
  };
  const open = async (command: string, variables: Readonly<Record<string, string>>) => {
    const shell = startHere(command, { PORT: '0', ...variables });
    const [, url = ''] = await shell.matching(/The page is at (\S+)\n/, START_TIMEOUT_MS);
    return { url, stop: () => shell.stop() };
  };
  return {
    folder,
    installOutput,
    async remove() {
      await Promise.all(shells.map((shell) => shell.stop()));
      await removeFolder();
    },
    open,
    async publish(clientId, variables) {
      const command = steps.publish.replace('/path/to/customer-app', folder).replace('CLIENT_ID', clientId);
      await run(command, process.cwd(), variables);
    },
    start: (variables) => open(steps.start, variables),
    serve: (variables) => open('exec node dist/bff/main.js', variables),
    run: (command, variables = {}) => startHere(command, variables).succeeded(STEP_TIMEOUT_MS),
    async configure(settings) {
      const file = join(folder, '.env');
      const empty = await readFile(file, 'utf8');
      const fill = (line: string, name: string) => (name in settings ? `${name}=${settings[name]}` : line);
      await writeFile(file, empty.replaceAll(/^(\w+)=$/gm, fill));
      return () => writeFile(file, empty);
    },
    async fork() {
      const parent = await temporaryFolder();
      const fork = join(parent.path, 'fork');
      await copySources(folder, fork);
      await symlink(join(folder, 'node_modules'), join(fork, 'node_modules'));
      return { folder: fork, remove: parent.remove };
    },
  };
}

/** Runs a command to its end. @returns its output. @throws when it fails. */
function run(
  command: string,
  cwd: string,
  variables: Readonly<Record<string, string>> = {},
): Promise<string> {
  return startShell(command, { cwd, variables }).succeeded(STEP_TIMEOUT_MS);
}
