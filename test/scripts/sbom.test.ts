import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { run } from '../support/process.js';

/** The parts of CycloneDX 1.5 that every SBOM of packages has: https://cyclonedx.org/docs/1.5/json/. */
const component = z.object({
  type: z.enum(['application', 'library']),
  'bom-ref': z.string().min(1),
  name: z.string().min(1),
  version: z.string().min(1),
  purl: z.string().regex(/^pkg:npm\//),
  licenses: z.array(z.unknown()).optional(),
});
const bom = z.object({
  bomFormat: z.literal('CycloneDX'),
  specVersion: z.literal('1.5'),
  serialNumber: z.string().regex(/^urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/),
  version: z.int().min(1),
  metadata: z.object({ timestamp: z.iso.datetime(), component }),
  components: z.array(component),
  dependencies: z.array(z.object({ ref: z.string(), dependsOn: z.array(z.string()) })),
});

const lockfile = z.object({
  packages: z.record(
    z.string(),
    z.object({
      name: z.string().optional(),
      version: z.string().optional(),
      dev: z.boolean().optional(),
      link: z.boolean().optional(),
    }),
  ),
});

interface Installed {
  readonly name: string;
  readonly isDev: boolean;
}

/** The packages of the lockfile, as `name@version`, without those of the workspace. */
async function lockedPackages(): Promise<Installed[]> {
  const { packages } = lockfile.parse(JSON.parse(await readFile('package-lock.json', 'utf8')));
  return Object.entries(packages)
    .filter(([path, { link }]) => path.startsWith('node_modules/') && !link)
    .map(([path, { name = path.split('node_modules/').at(-1), version, dev = false }]) => ({
      name: `${name}@${version}`,
      isDev: dev,
    }));
}

describe('the SBOM', () => {
  let text: string;
  beforeAll(async () => {
    ({ stdout: text } = await run(process.execPath, ['scripts/sbom.ts']));
  });

  test('is CycloneDX whose references resolve', () => {
    const { metadata, components, dependencies } = bom.parse(JSON.parse(text));
    const references = [metadata.component, ...components].map((each) => each['bom-ref']);
    expect(new Set(references).size).toBe(references.length);
    const unknown = dependencies
      .flatMap(({ ref, dependsOn }) => [ref, ...dependsOn])
      .filter((ref) => !references.includes(ref));
    expect(unknown).toEqual([]);
  });

  test('describes the gateway of this version', async () => {
    const { name, version } = JSON.parse(await readFile('package.json', 'utf8'));
    expect(bom.parse(JSON.parse(text)).metadata.component).toMatchObject({
      type: 'application',
      name,
      version,
    });
  });

  test('lists the production packages of the lockfile, and no other', async () => {
    const locked = await lockedPackages();
    const production = new Set(locked.filter(({ isDev }) => !isDev).map(({ name }) => name));
    const listed = bom
      .parse(JSON.parse(text))
      .components.map(({ purl }) => decodeURIComponent(purl.slice('pkg:npm/'.length)));
    expect([...new Set(listed)].toSorted()).toEqual([...production].toSorted());
    // npm's own `--omit dev` leaves these out, or has them.
    expect(listed).toContainEqual(expect.stringMatching(/^graphql@/));
    expect(listed).not.toContainEqual(expect.stringMatching(/^@apollo\/client@/));
  });
});
