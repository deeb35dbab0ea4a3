import { execFile } from 'node:child_process';
import { mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import { type CodeBlock } from './code-block.js';
import { usersPath } from './shell.js';

const execute = promisify(execFile);

/** Has the Node of the tests, which runs TypeScript. */
const nodeFolder = dirname(process.execPath);

/** Folders that have the packages of the documents' apps, in the versions of their lockfiles. */
const INSTALLED = ['.', 'test/client/libraries', 'examples/frontend'];

/** The first line of a block that is a file: a comment with its name. */
const FILE = /^(?:\/\/|#) (?<name>\S+)\n/;

const manifestSchema = z.object({
  version: z.string(),
  bin: z.union([z.string(), z.record(z.string(), z.string())]).optional(),
});

/** An app that a reader makes from the blocks of a document. */
export class DocumentedApp {
  /**
   * @param folder - an empty folder.
   * @param variables - values of the lines `NAME=` of its `.env`.
   */
  constructor(
    private readonly folder: string,
    private readonly variables: Readonly<Record<string, string>>,
  ) {}

  /** Writes the block's file, or runs its commands. @returns what they print. @throws if one fails. */
  async follow({ code, language }: CodeBlock): Promise<string> {
    const name = FILE.exec(code)?.groups?.['name'];
    if (name !== undefined) {
      await this.write(name, name === '.env' ? this.fillIn(code) : code);
      return '';
    }
    if (language !== 'sh') throw new Error(`A block of ${language} that is no file:\n${code}`);
    let printed = '';
    for (const command of code.trim().split('\n')) printed += await this.run(command);
    return printed;
  }

  /** Runs a command. @returns what it prints. @throws if it fails. */
  async run(command: string): Promise<string> {
    const packages = /^npm install (?:--save-dev )?(?<names>.+@\d+)$/.exec(command)?.groups?.['names'];
    if (packages !== undefined) {
      for (const specifier of packages.split(' ')) await this.install(specifier);
      return '';
    }
    const { stdout } = await execute('sh', ['-ec', command], {
      cwd: this.folder,
      // Offline, a program that the document does not install is an error; npx would download it.
      env: { PATH: `${nodeFolder}:${usersPath}`, HOME: homedir(), npm_config_offline: 'true' },
    });
    return stdout;
  }

  async write(name: string, text: string): Promise<void> {
    await mkdir(dirname(join(this.folder, name)), { recursive: true });
    await writeFile(join(this.folder, name), text);
  }

  read(name: string): Promise<string> {
    return readFile(join(this.folder, name), 'utf8');
  }

  /** The version of a package that it has. @throws if it has none. */
  async versionOf(name: string): Promise<string> {
    const manifest = await readManifest(join(this.folder, 'node_modules', name));
    if (!manifest) throw new Error(`The document does not install ${name}`);
    return manifest.version;
  }

  private fillIn(text: string): string {
    return text.replaceAll(/^(\w+)=.*$/gm, (_line, name: string) => `${name}=${this.variables[name]}`);
  }

  /**
   * Links a package from this machine's installs, by its name and major version. npm would ask the registry, and could get another
   * version tomorrow.
   */
  private async install(specifier: string): Promise<void> {
    const { name, source, bin = {} } = await find(specifier);
    await this.link(source, join('node_modules', name));
    const programs = typeof bin === 'string' ? { [basename(name)]: bin } : bin;
    for (const [program, path] of Object.entries(programs)) {
      await this.link(join(source, path), join('node_modules/.bin', program));
    }
  }

  private async link(source: string, name: string): Promise<void> {
    await mkdir(dirname(join(this.folder, name)), { recursive: true });
    await rm(join(this.folder, name), { force: true });
    await symlink(source, join(this.folder, name));
  }
}

/** Finds a package by its name and major version, such as `vite@8`. @throws if no lockfile has it. */
async function find(specifier: string) {
  const { name = '', major } = /^(?<name>.+)@(?<major>\d+)$/.exec(specifier)?.groups ?? {};
  for (const root of INSTALLED) {
    const source = resolve(root, 'node_modules', name);
    const manifest = await readManifest(source);
    if (manifest?.version.split('.')[0] === major) return { name, source, ...manifest };
  }
  throw new Error(`No lockfile of ${INSTALLED.join(', ')} has ${specifier}`);
}

async function readManifest(folder: string) {
  const text = await readFile(join(folder, 'package.json'), 'utf8').catch(() => undefined);
  return text === undefined ? undefined : manifestSchema.parse(JSON.parse(text));
}
