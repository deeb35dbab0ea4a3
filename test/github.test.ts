import { glob, readdir, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';

const step = z.union([
  z.strictObject({
    uses: z.string(),
    with: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).optional(),
  }),
  z.strictObject({ run: z.string() }),
]);

const workflow = z.strictObject({
  name: z.string(),
  on: z.strictObject({ pull_request: z.null(), push: z.strictObject({ branches: z.array(z.string()) }) }),
  permissions: z.record(z.string(), z.string()),
  concurrency: z.strictObject({ group: z.string(), 'cancel-in-progress': z.string() }),
  jobs: z.strictObject({
    ci: z.strictObject({
      'runs-on': z.string().regex(/^ubuntu-/),
      'timeout-minutes': z.int(),
      container: z.strictObject({ image: z.string(), options: z.string() }),
      steps: z.array(step),
    }),
  }),
});

const update = z.object({
  'package-ecosystem': z.enum(['npm', 'docker', 'docker-compose', 'github-actions']),
  directory: z.string().optional(),
  directories: z.array(z.string()).optional(),
  schedule: z.strictObject({ interval: z.literal('weekly') }),
  groups: z.record(z.string(), z.object({ patterns: z.array(z.string()) })),
});

const dependabot = z.strictObject({ version: z.literal(2), updates: z.array(update) });

/** https://docs.github.com/communities/using-templates-to-encourage-useful-issues-and-pull-requests/syntax-for-issue-forms */
const issueForm = z.strictObject({
  name: z.string(),
  description: z.string(),
  labels: z.array(z.string()),
  body: z.array(
    z.discriminatedUnion('type', [
      z.strictObject({ type: z.literal('markdown'), attributes: z.strictObject({ value: z.string() }) }),
      z.strictObject({
        type: z.enum(['textarea', 'input']),
        id: z.string().regex(/^[a-z]+$/),
        attributes: z.strictObject({ label: z.string(), description: z.string().optional() }),
        validations: z.strictObject({ required: z.boolean() }).optional(),
      }),
    ]),
  ),
});

const read = async (path: string): Promise<unknown> => parse(await readFile(path, 'utf8'));

/** The folders with a file of this name, as Dependabot names them. */
async function foldersWith(name: string): Promise<string[]> {
  const exclude = (path: string) => /(^|\/)(node_modules|dist|\.[^/]+)$/.test(path);
  const folders: string[] = [];
  for await (const path of glob(`**/${name}`, { exclude }))
    folders.push(`/${dirname(path)}`.replace('/.', '/'));
  return folders.toSorted();
}

describe('the workflow', () => {
  test('runs .ci/run, with the history and no right to write, for pull requests and main', async () => {
    const { on, permissions, jobs } = workflow.parse(await read('.github/workflows/ci.yml'));
    expect(on).toEqual({ pull_request: null, push: { branches: ['main'] } });
    expect(permissions).toEqual({ contents: 'read' });
    const { steps, 'timeout-minutes': timeout } = jobs.ci;
    expect(timeout).toBeLessThanOrEqual(60);
    expect(steps.at(-1)).toEqual({ run: 'bash .ci/run' });
    const checkout = steps.find((each) => 'uses' in each && each.uses.startsWith('actions/checkout@'));
    expect(checkout).toMatchObject({ with: { 'fetch-depth': 0, 'persist-credentials': false } });
  });

  test('pins every action to a commit', async () => {
    const { jobs } = workflow.parse(await read('.github/workflows/ci.yml'));
    const actions = jobs.ci.steps.flatMap((each) => ('uses' in each ? each.uses : []));
    expect(actions).toEqual([
      expect.stringMatching(/^actions\/checkout@[0-9a-f]{40}$/),
      expect.stringMatching(/^actions\/setup-node@[0-9a-f]{40}$/),
    ]);
  });
});

test('Dependabot updates the packages of every folder with a lockfile, the images and the actions', async () => {
  const { updates } = dependabot.parse(await read('.github/dependabot.yml'));
  const foldersOf = (ecosystem: string) =>
    updates
      .filter((each) => each['package-ecosystem'] === ecosystem)
      .flatMap(({ directory, directories = [] }) => (directory === undefined ? directories : [directory]))
      .toSorted();
  expect(foldersOf('npm')).toEqual(await foldersWith('package-lock.json'));
  expect(foldersOf('docker')).toEqual(await foldersWith('Dockerfile'));
  expect(foldersOf('docker-compose')).toEqual(await foldersWith('compose.yaml'));
  expect(foldersOf('github-actions')).toEqual(['/']);
});

test('every issue form is one that GitHub accepts, with unique ids', async () => {
  const names = (await readdir('.github/ISSUE_TEMPLATE')).filter((name) => name !== 'config.yml');
  expect(names.toSorted()).toEqual(['bug.yml', 'feature.yml']);
  for (const name of names) {
    const { body } = issueForm.parse(await read(`.github/ISSUE_TEMPLATE/${name}`));
    const ids = body.flatMap((each) => ('id' in each ? each.id : []));
    expect(new Set(ids).size).toBe(ids.length);
  }
});
