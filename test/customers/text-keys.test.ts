import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { limits } from '../../src/customers/limits.js';
import {
  emailKey,
  foldCase,
  keyLimits,
  nameKey,
  searchForm,
  searchTerms,
  searchText,
} from '../../src/customers/text-keys.js';
import { migratedDatabase, query } from '../support/database.js';

/** Every character of Unicode that has an upper or lower case or another form, or is a mark. */
const characters = Array.from({ length: 0x11_00_00 }, (_, codePoint) => codePoint)
  .filter((codePoint) => codePoint < 0xd800 || codePoint > 0xdfff)
  .map((codePoint) => String.fromCodePoint(codePoint))
  .filter((it) => {
    const others = [it.toUpperCase(), it.toLowerCase(), it.normalize('NFKD')];
    return others.some((other) => other !== it) || /\p{M}/u.test(it);
  });

/** Text of characters that are folded in an unusual way, and of others. */
const text = fc.string({
  unit: fc.oneof(
    fc.constantFrom(...'iIİßẞſsSKkKσςΣﬁǅΐᾳ\u0345\u0301\u0327\u0307åÅÅeéÉ가ガか\u3099ﷺ@.-'),
    fc.nat(characters.length - 1).map((index) => characters[index] ?? ''),
  ),
  maxLength: 40,
});

const size = (of: string) => Array.from(of).length;

/** The largest text that a character becomes, by some measure of it. */
const largest = (form: (character: string) => string, measure: (of: string) => number) =>
  characters.reduce((most, character) => {
    const stored = character.normalize('NFC');
    return Math.max(most, measure(form(character)) / size(stored));
  }, 0);

test.each(Object.entries({ foldCase, nameKey, searchForm }))(
  '%s gives one text for a character and its upper and lower case, and leaves that as it is',
  (_name, form) => {
    const broken = characters.filter((character) => {
      const others = [form(character), character.toLowerCase(), character.toUpperCase()];
      return others.some((other) => form(other) !== form(character));
    });
    // The standard keeps the dotless i apart from the i, though the upper case of both is "I".
    expect(broken).toEqual(form === searchForm ? [] : ['ı']);
  },
);

test.each(Object.entries({ nameKey, searchForm }))('%s does so for text', (_name, form) => {
  fc.assert(
    fc.property(text, (given) => {
      const plain = given.replaceAll('ı', '');
      // In NFD, because JavaScript changes the case of "ͅ" where it stands.
      const marked = plain.normalize('NFD');
      for (const other of [form(plain), marked, marked.toLowerCase(), marked.toUpperCase()]) {
        expect(form(other)).toBe(form(plain));
      }
    }),
    { numRuns: 1_000 },
  );
});

test('foldCase is the full case folding of PostgreSQL, which takes it from the Unicode Character Database', async () => {
  const rows = await query<{ character: string; folded: string }>(
    await migratedDatabase(),
    `select character, casefold(character) as folded
     from generate_series(1, 1114111) as code_point, lateral (
       select chr(code_point) collate pg_unicode_fast as character
       where code_point not between 55296 and 57343
     ) as one
     where unicode_assigned(character) and casefold(character) <> character`,
  );
  const isCherokee = (character: string) => /\p{Script=Cherokee}/u.test(character);
  const theirs = rows.filter(({ character }) => !isCherokee(character));
  expect(theirs.length).toBeGreaterThan(1_400);
  expect(theirs.filter(({ character, folded }) => foldCase(character) !== folded)).toEqual([]);
  const folded = new Set(theirs.map(({ character }) => character));
  const assigned = await query<{ character: string }>(
    await migratedDatabase(),
    `select character from unnest($1::text[]) as character where unicode_assigned(character)`,
    [characters.filter((it) => !isCherokee(it) && foldCase(it) !== it && !folded.has(it))],
  );
  expect(assigned).toEqual([]);
});

describe('the bounds of the columns hold', () => {
  test('in characters', () => {
    expect(largest(nameKey, size)).toBe(keyLimits.name / limits.name);
    expect(largest(emailKey, size)).toBe(keyLimits.email / limits.email);
    const longest = {
      customer: 'ﷺ'.repeat(limits.name),
      email: 'ﷺ'.repeat(limits.email),
      mainPhone: '㍙'.repeat(limits.phone),
    };
    expect(largest(searchForm, size)).toBe(size(searchForm('ﷺ')));
    expect(size(searchText(longest))).toBeLessThan(keyLimits.search);
    fc.assert(
      fc.property(text, (given) => {
        const stored = size(given.normalize('NFC'));
        expect(size(nameKey(given))).toBeLessThanOrEqual(3 * stored);
        expect(size(searchForm(given))).toBeLessThanOrEqual(18 * stored);
      }),
      { numRuns: 1_000 },
    );
  });

  test('in bytes, for which an entry of an index has 2,704', () => {
    const bytes = (of: string) => Buffer.byteLength(of);
    expect(largest(nameKey, bytes) * limits.name).toBeLessThan(2_000);
    expect(largest(emailKey, bytes) * limits.email).toBeLessThan(2_000);
  });
});

test.each([
  ['INFO@acme.example', 'info@ACME.example', true],
  ['Straße@x.example', 'STRASSE@X.EXAMPLE', true],
  ['ΟΔΟΣ@x.example', 'οδος@x.example', true],
  ['info@BÜCHER.example', 'info@xn--bcher-kva.example', true],
  ['é@x.example', 'e\u0301@x.example', true],
  ['é@x.example', 'e@x.example', false],
  ['ı@x.example', 'I@x.example', false],
  ['İ@x.example', 'i@x.example', false],
])('%s and %s are one email: %s', (one, other, same) => {
  expect(emailKey(one) === emailKey(other)).toBe(same);
});

describe('a search', () => {
  const customer = { customer: 'Crème Brûlée AS', email: 'Post@Ærø.example', mainPhone: '+1 (555) 0100' };
  const finds = (search: string) => searchTerms(search).some((term) => searchText(customer).includes(term));

  test.each([
    'brulee',
    'BRÛLÉE',
    'creme',
    'ærø',
    'ÆRØ',
    'post@',
    '5550100',
    '555 0100',
    '(555)-01',
    '+1 555',
    '１５５５',
  ])('for %s finds the customer', (search) => {
    expect(finds(search)).toBe(true);
  });

  test.each(['aero', 'bruleepost', 'example+1', '0100 555', '1-0', 'as post'])(
    'for %s does not',
    (search) => {
      expect(finds(search)).toBe(false);
    },
  );
});
