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
    fc.constantFrom(...Array.from('iIİßẞſsSKkKσςΣﬁǅΐᾳ\u0345\u0301\u0327\u0307åÅÅeéÉ가ガか\u3099ﷺ@.-')),
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
  test('for every character and for text', () => {
    expect(largest(emailKey, size)).toBe(keyLimits.email / limits.email);
    expect(largest(nameKey, size)).toBe(keyLimits.name / limits.name);
    fc.assert(
      fc.property(text, (given) => {
        expect(size(nameKey(given))).toBeLessThanOrEqual(3 * size(given.normalize('NFC')));
      }),
      { numRuns: 1_000 },
    );
  });

  test('in bytes, for an entry of the index by email', () => {
    expect(largest(emailKey, (it) => Buffer.byteLength(it)) * limits.email).toBeLessThan(2_000);
  });

  test.each(['ﷺ', '㍙', 'ß', 'ΐ', '가', '字', '\u{2A6D6}'])('for the longest text of %s', (character) => {
    const phone = character.repeat(limits.phone);
    const longest = {
      customer: character.repeat(limits.name),
      email: character.repeat(limits.email),
      mainPhone: phone,
    };
    expect(size(searchText(longest))).toBeLessThanOrEqual(keyLimits.search);
    expect(Buffer.byteLength(nameKey(longest.customer))).toBeLessThanOrEqual(800);
    expect(Buffer.byteLength(searchText(longest))).toBeLessThanOrEqual(keyLimits.search);
    expect(searchText(longest)).toContain(searchTerms(longest.customer)[0]);
  });

  test('nothing of a text that has no longer form is left out', () => {
    const longest = {
      customer: '\u{2A6D6}'.repeat(limits.name),
      email: `${'字'.repeat(21)}@x.example`,
      mainPhone: '\u{1D7D8}'.repeat(limits.phone),
    };
    expect(searchText(longest).split('\u001F')).toEqual([
      longest.customer,
      longest.email,
      '0'.repeat(50),
      '0'.repeat(50),
    ]);
    expect(nameKey('字'.repeat(limits.name))).toBe('字'.repeat(limits.name));
  });
});

test.each([
  ['INFO@acme.example', 'info@ACME.example', true],
  ['Straße@x.example', 'STRASSE@X.EXAMPLE', true],
  ['ΟΔΟΣ@x.example', 'οδος@x.example', true],
  ['info@BÜCHER.example', 'info@xn--bcher-kva.example', true],
  ['info@bücher.example', 'INFO@XN--BCHER-KVA.example', true],
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
