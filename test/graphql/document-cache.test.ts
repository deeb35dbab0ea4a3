import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { parse } from 'graphql';
import { DocumentCache } from '../../src/graphql/document-cache.js';

const MIB = 1_048_576;

/** Long documents that are small trees, and small documents that are large trees, each of its own source. */
const kinds: Record<string, (index: number) => string> = {
  'white space': (index) => `query q${index}{a${' '.repeat(90_000)}}`,
  'wide characters': (index) => `query q${index}{a(b: "${'漢'.repeat(30_000)}")}`,
  'block strings': (index) => `query q${index}{a(b: """${'y\n'.repeat(40_000)}""")}`,
  tokens: (index) => `query q${index}{${'a:b '.repeat(800)}}`,
};

/** A request's body is parsed from JSON, so that the source is a string of its own. */
const sent = (text: string): string => JSON.parse(JSON.stringify(text));

setFlagsFromString('--expose-gc');
const collectGarbage: () => void = runInNewContext('gc');
const heap = () => {
  collectGarbage();
  return process.memoryUsage().heapUsed;
};

test.each(Object.keys(kinds))('documents of %s are kept in at most 32 MiB of the heap', async (kind) => {
  const cache = new DocumentCache();
  const before = heap();
  for (let index = 0; index < 300; index += 1) {
    const text = sent(kinds[kind]?.(index) ?? '');
    await cache.set(String(index), parse(text));
  }
  expect(cache.size).toBeGreaterThan(10);
  expect(heap() - before).toBeLessThan(40 * MIB);
});

test('the documents that were used last stay', async () => {
  const cache = new DocumentCache();
  await cache.set('kept', parse('{ a }'));
  for (let index = 0; index < 300; index += 1) {
    await cache.set(String(index), parse(sent(kinds['white space']?.(index) ?? '')));
    expect(await cache.get('kept')).toBeDefined();
  }
  expect(await cache.get('0')).toBeUndefined();
});
