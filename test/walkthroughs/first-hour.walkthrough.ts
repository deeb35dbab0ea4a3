import { execFile } from 'node:child_process';
import { mkdir, readdir } from 'node:fs/promises';
import { delimiter, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify, stripVTControlCharacters } from 'node:util';
import { expect, test } from 'vitest';
import { startBrowser } from '../support/browser.js';
import { codeBlocks } from '../support/code-block.js';
import { temporaryFolder } from '../support/process.js';
import { describeWith } from '../support/programs.js';
import { startShell, usersPath } from '../support/shell.js';

/** The oldest Node and npm that `engines` allows, and the newest ones. */
const HOSTS = [
  ['the oldest Node', 'node@18.20.0', 'npm@10.5.0'],
  ['the newest Node', 'node@latest', 'npm@latest'],
] as const;

/** Bounds the wait for a command, most of which is the registry's time, in ms. */
const COMMAND_TIMEOUT_MS = 240_000;
const WALKTHROUGH_TIMEOUT_MS = 900_000;

/** The bound of CONTRIBUTING.md ("Packages"), as `du` counts. */
const MAX_INSTALL_MB = 450;

/** Stand for all tests, which `.ci/run` runs on the Node of the machine. */
const SOME_TESTS = ['test/auth/signature.test.ts', 'test/customers/create-customer.test.ts'];

const run = promisify(execFile);

const readme = await codeBlocks('README.md');
const [startCommand = '', testCommand = ''] = readme
  .filter(({ section }) => section === 'Quick start')
  .map(({ code }) => code.trim());
const curl = readme.find(({ section, language }) => section === 'First request' && language === 'bash')?.code;

/** Opens the playground and runs the operation that it shows first. @returns the response. */
async function createInBrowser(url: string): Promise<string> {
  await using browser = await startBrowser();
  const page = await browser.newPage();
  await page.goto(url);
  await page.locator('.graphiql-query-editor', { hasText: 'mutation CreateCustomer(' }).waitFor();
  await page.getByRole('button', { name: /^execute query/i }).click();
  const response = page.locator('.result-window');
  await response.getByText('"Created"').waitFor();
  return await response.innerText();
}

/** Measures seconds from now on. */
function stopwatch(): () => number {
  const began = performance.now();
  return () => Math.round((performance.now() - began) / 1_000);
}

describeWith(
  'bash',
  'chromium',
  'curl',
  'git',
  'openssl',
)('the first hour with', () => {
  test.each(HOSTS)(
    '%s: a fresh clone creates a customer by curl and in a browser, and passes its tests',
    async (_name, node, npm) => {
      await using cleanup = new AsyncDisposableStack();
      const folder = cleanup.adopt(await temporaryFolder(), (it) => it.remove());
      const host = join(folder.path, 'host');
      const clone = join(folder.path, 'clone');
      await mkdir(host);
      await run('npm', ['install', '--prefix', host, '--loglevel', 'error', node, npm]);
      await run('git', ['clone', '--quiet', '--depth', '1', pathToFileURL(resolve('.')).href, clone]);
      const variables = {
        PATH: [join(host, 'node_modules/.bin'), usersPath].join(delimiter),
        CI: '',
        PORT: '0',
      };
      const inClone = { cwd: clone, variables };
      const versions = startShell('echo "Node $(node --version), npm $(npm --version)"', inClone);

      const elapsed = stopwatch();
      const gateway = cleanup.adopt(startShell(startCommand, inClone), (it) => it.stop());
      await gateway.matching(/added \d+ packages/, COMMAND_TIMEOUT_MS);
      const installed = elapsed();
      const greeting = await gateway.matching(/Playground\s+(\S+)\n[^]*Ctrl\+C/, COMMAND_TIMEOUT_MS);
      const response = await startShell(`bash <<'BLOCK'\n${curl}\nBLOCK`, inClone).succeeded(
        COMMAND_TIMEOUT_MS,
      );
      const byCurl = elapsed();
      expect(JSON.parse(response).data.createCustomer).toMatchObject({ __typename: 'Created' });
      expect(await createInBrowser(greeting[1] ?? '')).toContain('"Created"');
      const inBrowser = elapsed();
      expect(greeting.input).not.toMatch(/EBADENGINE|ERESOLVE|npm warn|deprecated/i);

      const packages = (await readdir(join(clone, 'node_modules'))).length;
      const { stdout: size } = await run('du', ['-sm', join(clone, 'node_modules')]);
      const installMb = parseInt(size, 10);
      expect(installMb).toBeLessThan(MAX_INSTALL_MB);
      const testing = stopwatch();
      const tests = startShell(`${testCommand} -- ${SOME_TESTS.join(' ')}`, inClone);
      const output = stripVTControlCharacters(await tests.succeeded(COMMAND_TIMEOUT_MS));
      expect(output).toMatch(/Test Files +2 passed \(2\)/);
      process.stdout.write(
        `${(await versions.succeeded(COMMAND_TIMEOUT_MS)).trim()}: installed after ${installed} s, ` +
          `${installMb} MB in ${packages} folders; first Created by curl after ${byCurl} s, ` +
          `in a browser after ${inBrowser} s; ${SOME_TESTS.length} test files took ${testing()} s\n`,
      );
    },
    WALKTHROUGH_TIMEOUT_MS,
  );
});
