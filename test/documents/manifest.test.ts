import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { limits } from '../../src/documents/limits.js';
import { type Manifest, readManifest } from '../../src/documents/manifest.js';

const SOURCE = 'query Read { __typename }';
const HASH = createHash('sha256').update(SOURCE).digest('hex');

const read = (content: unknown): Manifest => readManifest(Buffer.from(JSON.stringify(content)));

const apollo = (operations: unknown, version: unknown = 1) =>
  read({ format: 'apollo-persisted-query-manifest', version, operations });

const codesOf = ({ problems }: Manifest) => problems.map(({ id, code }) => [id, code]);

describe('a manifest is read', () => {
  test.each([
    ['graphql-codegen, with hashes', read({ [HASH]: SOURCE }), HASH],
    ['graphql-codegen, with prefixed hashes', read({ [`sha256:${HASH}`]: SOURCE }), HASH],
    [
      'Relay, with MD5',
      read({ '0123456789abcdef0123456789abcdef': SOURCE }),
      '0123456789abcdef0123456789abcdef',
    ],
    ['an app with names as IDs', read({ 'x-app:read.v1': SOURCE }), 'x-app:read.v1'],
    ['Apollo', apollo([{ id: HASH, name: 'Read', type: 'query', body: SOURCE, clientName: null }]), HASH],
  ])('of %s', (_tool, manifest, id) => {
    expect(manifest).toEqual({ documents: [{ id, source: SOURCE }], problems: [] });
  });

  test('with a byte order mark', () => {
    expect(readManifest(Buffer.from(`\uFEFF${JSON.stringify({ a: SOURCE })}`)).problems).toEqual([]);
  });

  test('with names of the prototype of objects as IDs', () => {
    const ids = ['__proto__', 'constructor', 'toString'];
    const json = `{${ids.map((id) => `"${id}": "{ a }"`).join(',')}}`;
    expect(readManifest(Buffer.from(json)).documents.map(({ id }) => id)).toEqual(ids);
  });
});

describe('a manifest is refused', () => {
  test.each([
    ['is no JSON', readManifest(Buffer.from('{'))],
    ['is not in UTF-8', readManifest(Buffer.from([0x22, 0xff, 0x22]))],
    ['is a list', read([SOURCE])],
    ['is a text', read(SOURCE)],
    ['is null', read(null)],
    ['has no documents', read({})],
    ['has another format with operations', read({ format: 'x', version: 1, operations: [] })],
    ['has another version of the format of Apollo', apollo([{ id: HASH, body: SOURCE }], 2)],
    ['has no operations', apollo([])],
    ['has an operation without a body', apollo([{ id: HASH }])],
    ['has an operation that is null', apollo([null])],
    ['has a source that is not text', read({ a: 1 })],
    [
      'has a source that is not text under a name of the prototype',
      readManifest(Buffer.from('{"__proto__":1}')),
    ],
  ])('that %s', (_what, manifest) => {
    expect(manifest).toMatchObject({ documents: [], problems: [{ code: 'INVALID_MANIFEST' }] });
  });

  test('with more documents than the limit, and not with as many', () => {
    const documents = (length: number) =>
      Object.fromEntries(Array.from({ length }, (_, index) => [`id-${index}`, SOURCE]));
    expect(read(documents(limits.manifestDocuments)).problems).toEqual([]);
    expect(codesOf(read(documents(limits.manifestDocuments + 1)))).toEqual([[null, 'TOO_MANY']]);
  });

  test('with every problem of its documents', () => {
    const long = 'a'.repeat(limits.idLength + 1);
    const manifest = read({
      [HASH]: `${SOURCE} `,
      [HASH.toUpperCase()]: SOURCE,
      [long]: SOURCE,
      'md5:abc': SOURCE,
      'a b': SOURCE,
      '': SOURCE,
      nul: '{ a(b: "\0") }',
      surrogate: '{ a(b: "\ud800") }',
      valid: SOURCE,
    });
    expect(codesOf(manifest)).toEqual([
      [HASH, 'HASH_MISMATCH'],
      [HASH.toUpperCase(), 'HASH_MISMATCH'],
      [long.slice(1), 'INVALID_ID'],
      ['md5:abc', 'INVALID_ID'],
      ['a b', 'INVALID_ID'],
      ['', 'INVALID_ID'],
      ['nul', 'INVALID_CHARACTERS'],
      ['surrogate', 'INVALID_CHARACTERS'],
    ]);
    expect(manifest.documents).toEqual([{ id: 'valid', source: SOURCE }]);
  });

  test('with an ID of two documents, in any of its forms', () => {
    expect(codesOf(read({ [HASH]: SOURCE, [`sha256:${HASH}`]: SOURCE }))).toEqual([[HASH, 'DUPLICATE_ID']]);
    const twice = [
      { id: 'a', body: SOURCE },
      { id: 'a', body: SOURCE },
    ];
    expect(codesOf(apollo(twice))).toEqual([['a', 'DUPLICATE_ID']]);
  });
});

describe('for any input', () => {
  const id = fc.oneof(
    fc.stringMatching(/^(x-[\w.~-]{1,5}:)?[\w.~-]{1,20}$/),
    fc.string({ maxLength: 150 }),
    fc.constantFrom(HASH, `sha256:${HASH}`),
  );
  const source = fc.oneof(fc.string({ unit: 'binary' }), fc.string(), fc.constant(SOURCE));

  test('a manifest is read or refused, and never throws', () => {
    const content = fc.oneof(
      fc.uint8Array().map((bytes) => Buffer.from(bytes)),
      fc.json().map((json) => Buffer.from(json)),
      fc
        .record(
          {
            format: fc.oneof(fc.constant('apollo-persisted-query-manifest'), fc.jsonValue()),
            version: fc.oneof(fc.constant(1), fc.jsonValue()),
            operations: fc.oneof(fc.array(fc.record({ id, body: source })), fc.jsonValue()),
          },
          { requiredKeys: [] },
        )
        .map((manifest) => Buffer.from(JSON.stringify(manifest))),
    );
    fc.assert(
      fc.property(content, (bytes) => {
        const { documents, problems } = readManifest(bytes);
        expect(documents.length + problems.length).toBeGreaterThan(0);
      }),
    );
  });

  test('each document is given once, or has one problem, in both forms alike', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.tuple(id, source), { selector: ([one]) => one, minLength: 1 }),
        (entries) => {
          const manifest = readManifest(
            Buffer.from(
              `{${entries.map((entry) => entry.map((part) => JSON.stringify(part)).join(':')).join(',')}}`,
            ),
          );
          expect(manifest.documents.length + manifest.problems.length).toBe(entries.length);
          for (const document of manifest.documents) {
            expect(document.id).toMatch(/^(x-[\w.~-]+:)?[\w.~-]{1,128}$/);
            expect(document.source.isWellFormed()).toBe(true);
          }
          const inApollo = apollo(entries.map(([one, body]) => ({ id: one, body })));
          const byId = (list: readonly { readonly id: string | null }[]) =>
            list.toSorted((a, b) => String(a.id).localeCompare(String(b.id)));
          expect(byId(inApollo.documents)).toEqual(byId(manifest.documents));
        },
      ),
    );
  });
});
