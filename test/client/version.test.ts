import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { z } from 'zod';

const versionOf = async (manifest: string) =>
  z.object({ version: z.string() }).parse(JSON.parse(await readFile(manifest, 'utf8'))).version;

test("the client has the version of the gateway's release", async () => {
  expect(await versionOf('client/package.json')).toBe(await versionOf('package.json'));
});
