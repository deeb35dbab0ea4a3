import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Manifest } from './chart.js';
import { run } from './process.js';

/** Where the packages of `test/kubernetes` are found by what is in it. */
const PACKAGES = resolve('test/kubernetes/node_modules');

/** The module of `kubernetes-models` with an API version's kinds: `apps/v1`, or `v1` for the core. */
function moduleOf({ apiVersion }: Manifest): string {
  return apiVersion.startsWith('monitoring.coreos.com/')
    ? `@kubernetes-models/prometheus-operator/${apiVersion}`
    : `kubernetes-models/${apiVersion}`;
}

/**
 * What Kubernetes would refuse in objects, by its OpenAPI schema and those of the Prometheus Operator: unknown and missing fields
 * and wrong types, which the TypeScript compiler finds, and formats and ranges, which the models' validation finds.
 */
export async function manifestProblems(manifests: readonly Manifest[]): Promise<string[]> {
  const [unknown, invalid] = await Promise.all([typeErrors(manifests), validationErrors(manifests)]);
  return [...unknown, ...invalid];
}

/** An object literal may have no property that its type does not have. */
async function typeErrors(manifests: readonly Manifest[]): Promise<string[]> {
  await mkdir(join(PACKAGES, '.cache'), { recursive: true });
  const folder = await mkdtemp(join(PACKAGES, '.cache', 'manifests-'));
  try {
    const file = join(folder, 'manifests.ts');
    const source = manifests.map(
      (manifest, index) =>
        `export const ${manifest.kind}${index}: import('${moduleOf(manifest)}').I${manifest.kind} = ${JSON.stringify(manifest, null, 2)};\n`,
    );
    await writeFile(file, source.join(''));
    const options = ['--ignoreConfig', '--noEmit', '--strict', '--skipLibCheck', '--types', ''];
    const { stdout } = await run('node_modules/.bin/tsc', [...options, '--module', 'nodenext', file]);
    return stdout.split('\n').filter((line) => line !== '');
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function validationErrors(manifests: readonly Manifest[]): Promise<string[]> {
  const problems = await Promise.all(
    manifests.map(async (manifest) => {
      const models = await import(pathToFileURL(join(PACKAGES, moduleOf(manifest), 'index.js')).href);
      try {
        new models[manifest.kind](manifest).validate();
        return [];
      } catch (error) {
        return [`${manifest.kind} ${manifest.metadata.name}: ${String(error)}`];
      }
    }),
  );
  return problems.flat();
}
