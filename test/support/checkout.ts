import { execFile } from 'node:child_process';
import { symlink, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { type GatewayProcess, spawnGateway, type StartingGateway, temporaryFolder } from './process.js';
import { usersPath } from './shell.js';

/** What the documents' commands use of the repository. */
const LINKED = ['bin', 'client', 'dist', 'examples', 'node_modules', 'package.json', 'scripts'];

interface RunOptions {
  readonly stdin?: string;
  readonly variables?: Readonly<Record<string, string>>;
}

/** Where a reader tries the documents: a folder that stands for a fresh clone, with its own `.data`. */
export interface Checkout {
  readonly path: string;
  /** Starts a gateway on a free port, with default settings but for these. */
  start(variables?: Readonly<Record<string, string>>): Promise<GatewayProcess>;
  /** Writes a file into the folder. */
  write(name: string, content: string): Promise<void>;
  /** Runs a program in the folder with a reader's environment. @throws unless it exits with 0. */
  run(program: string, args: string[], options?: RunOptions): Promise<string>;
  /** Pastes lines into bash. @returns what they print to stdout. @throws unless the last one exits with 0. */
  paste(lines: string): Promise<string>;
  /** Stops its gateway, one that has not finished its start too, and removes the folder. */
  close(): Promise<void>;
}

export async function openCheckout(): Promise<Checkout> {
  const { path, remove } = await temporaryFolder();
  for (const name of LINKED) await symlink(resolve(name), join(path, name));

  const run = async (program: string, args: string[], { stdin = '', variables }: RunOptions = {}) => {
    const running = promisify(execFile)(program, args, {
      cwd: path,
      env: { PATH: usersPath, HOME: homedir(), ...variables },
    });
    running.child.stdin?.end(stdin);
    return (await running).stdout;
  };
  let gateway: StartingGateway | undefined;
  return {
    path,
    start: (variables) => {
      gateway = spawnGateway({ DATA_DIR: join(path, '.data'), ...variables });
      return gateway.answers();
    },
    write: (name, content) => writeFile(join(path, name), content),
    run,
    // A shell that people type into expands `!`, a script does not; so that is turned on.
    paste: (lines) => run('bash', [], { stdin: `set -o history -o histexpand\n${lines}` }),
    close: async () => {
      await gateway?.stop('SIGTERM');
      await remove();
    },
  };
}
