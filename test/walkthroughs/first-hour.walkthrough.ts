import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir } from 'node:fs/promises';
import { delimiter, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, describe, expect, test } from '@jest/globals';
import { startBrowser } from '../support/browser.js';
import { codeBlocks } from '../support/code-block.js';
import { temporaryFolder } from '../support/process.js';

/**
 * The first hour of a new user, with the oldest Node that `engines` allows and with the newest: a clone of what is
 * committed, the README's two commands, its first call by curl, and the same in a browser. The gateway itself runs on the
 * Node of its packages each time. `npm run walkthroughs` runs this; it prints what a closing note reports.
 */
const HOSTS = [
  ['the oldest Node', 'node@18.20.0', 'npm@10.5.0'],
  ['the newest Node', 'node@latest', 'npm@latest'],
] as const;

/** Bounds the wait for packages from the registry, in ms. */
const WALKTHROUGH_MS = 600_000;

/** Tests that stand for all of them, which `.ci/run` runs on the Node of the machine. */
const SOME_TESTS = ['test/auth/signature.test.ts', 'test/customers/create-customer.test.ts'];

const run = promisify(execFile);
const undo: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const step of undo.splice(0).toReversed()) await step();
});

/** The PATH of a shell outside `npm test`, with these programs first. */
const pathWith = (bin: string) =>
  [
    bin,
    ...(process.env['PATH'] ?? '').split(delimiter).filter((folder) => !folder.includes('node_modules')),
  ].join(delimiter);

/** Starts a shell command in a process group of its own, which ends with the test. */
function startShell(command: string, cwd: string, env: NodeJS.ProcessEnv) {
  const child = spawn('sh', ['-c', command], { cwd, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  const closed = once(child, 'close');
  let output = '';
  const read = (chunk: Buffer) => {
    output += chunk.toString();
  };
  child.stdout.on('data', read);
  child.stderr.on('data', read);
  undo.push(async () => {
    endGroup(child);
    await closed;
  });
  return {
    output: () => output,
    /** Resolves to what the pattern captures. @throws when the command ends before that. */
    async prints(pattern: RegExp): Promise<string> {
      for (;;) {
        const found = pattern.exec(output)?.[1];
        if (found !== undefined) return found;
        if (child.exitCode !== null) throw new Error(`${command} ended:\n${output}`);
        await Promise.race([once(child.stdout, 'data'), closed]);
      }
    },
    /** Resolves to the exit code. */
    ends: async () => Number((await closed)[0]),
  };
}

/** Sends what Ctrl+C sends. */
function endGroup({ pid, exitCode }: ChildProcess): void {
  if (pid !== undefined && exitCode === null) process.kill(-pid, 'SIGINT');
}

const [start = '', tests = ''] = (await codeBlocks('README.md'))
  .filter(({ section }) => section === 'Two commands')
  .map(({ code }) => code.trim());
const [curl = ''] = (await codeBlocks('README.md'))
  .filter(({ section, language }) => section === 'A first call' && language === 'bash')
  .map(({ code }) => code);

/** Runs the playground's example as it stands there when the page opens. @returns the response it shows. */
async function createInBrowser(page: string): Promise<string> {
  const browser = await startBrowser();
  undo.push(() => browser.close());
  const tab = await browser.newPage();
  await tab.goto(page);
  await tab.getByRole('button', { name: /Execute query/ }).click();
  const response = tab.getByLabel('Response').first();
  await tab.getByText('"Created"').first().waitFor();
  return response.innerText();
}

describe.each(HOSTS)('with %s', (_name, node, npm) => {
  test(
    'a fresh clone creates a customer by curl and in a browser, and passes its tests',
    async () => {
      const folder = await temporaryFolder();
      undo.push(folder.remove);
      const host = join(folder.path, 'host');
      const clone = join(folder.path, 'clone');
      await mkdir(host);
      await run('npm', ['install', '--prefix', host, '--loglevel', 'error', node, npm]);
      await run('git', ['clone', '--quiet', '--depth', '1', pathToFileURL(resolve('.')).href, clone]);
      const env = { ...process.env, PATH: pathWith(join(host, 'node_modules/.bin')), CI: '', PORT: '0' };
      const versions = await run('sh', ['-c', 'echo "Node $(node --version), npm $(npm --version)"'], {
        env,
      });

      const began = performance.now();
      const seconds = () => Math.round((performance.now() - began) / 1_000);
      const gateway = startShell(start, clone, env);
      await gateway.prints(/added (\d+) packages/);
      const installed = seconds();
      const api = await gateway.prints(/GraphQL API\s+(\S+)\n/);
      const { stdout: response } = await run('bash', ['-c', curl], { cwd: clone, env });
      const created = seconds();
      expect(JSON.parse(response).data.createCustomer.__typename).toBe('Created');
      expect(await createInBrowser(new URL('/', api).href)).toContain('"Created"');
      const shown = seconds();
      // The system's settings may make npm warn of its own; of the packages and of Node it must not.
      expect(gateway.output()).not.toMatch(/EBADENGINE|deprecated|ERESOLVE/);
      const packages = await readdir(join(clone, 'node_modules'));
      const { stdout: size } = await run('du', ['-sm', join(clone, 'node_modules')]);

      const testing = performance.now();
      const suite = startShell(`${tests} -- ${SOME_TESTS.join(' ')}`, clone, env);
      expect([await suite.ends(), suite.output()]).toEqual([0, expect.stringContaining('2 passed, 2 total')]);
      process.stdout.write(
        `${versions.stdout.trim()}: installed after ${installed} s (${parseInt(size, 10)} MB, ${packages.length} folders), ` +
          `first Created by curl after ${created} s, in a browser after ${shown} s; ` +
          `${SOME_TESTS.length} test files after ${Math.round((performance.now() - testing) / 1_000)} s\n`,
      );
    },
    WALKTHROUGH_MS,
  );
});
