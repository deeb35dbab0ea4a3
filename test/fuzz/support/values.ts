import fc from 'fast-check';
import { type GraphQLInputType, isEnumType, isInputObjectType, isListType, isNonNullType } from 'graphql';

const nested = (depth: number, of: (inner: unknown) => unknown): unknown =>
  Array.from({ length: depth }).reduce((inner: unknown) => of(inner), null);

/** Text that has broken somebody's server. */
const badText: fc.Arbitrary<string> = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: 'grapheme' }),
  fc.string({ unit: fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit)) }),
  fc.constantFrom(
    '',
    ' ',
    '\0',
    'a\0b',
    '\ud800',
    '\udfff\ud800',
    '\ufeff',
    '\u202e',
    '%',
    '_',
    '\\',
    '%_\\%',
    "'",
    "' or 1=1 --",
    '"; --',
    '$1',
    '$$',
    '${1}',
    '{{1}}',
    '../../etc',
    '__proto__',
    'constructor',
    'toString',
    'null',
    'NaN',
    '-0',
    '1e999',
    '[]',
    'e\u0301'.repeat(300),
    'x'.repeat(100_000),
    '\u{1f600}'.repeat(5_001),
    'ﷺ'.repeat(300),
    // Costly to normalize, or longer once it is.
    `a${'\u0301\u0327'.repeat(20_000)}`,
    `a${'\u0301'.repeat(31)}`,
    'ΐ'.repeat(255),
    // Invisible, or not what it seems.
    '\u200b',
    '\u200bpay@acme.example',
    'pay\u202e@acme.example',
    '\u2066a\u2069',
    '\u3164',
    '\u00ad\u2060',
    'a\u200d\u200cb',
    'a\tb\r\nc',
    '\u001b[2J',
    // Emails of rare forms.
    '"a\r\nBcc: b"@x.example',
    '""@x.example',
    `${'a'.repeat(65)}@x.example`,
    `a@${'b'.repeat(64)}.example`,
    'a@bücher.example',
    'a@xn--bcher-kva.example',
    'a@xn--a.example',
    'a@[127.0.0.1]',
    // Cases that languages tell apart.
    'İstanbul ıIi@x.example',
    'STRASSE straße ſ@x.example',
    'ΟΔΟΣ οδος@x.example',
  ),
);

/** Any JSON, and what is rare in it. */
export const badValue: fc.Arbitrary<unknown> = fc.oneof(
  badText,
  fc.integer(),
  fc.double(),
  fc.constantFrom<unknown>(
    null,
    true,
    2 ** 31,
    -(2 ** 31) - 1,
    2 ** 53,
    1e308,
    5e-324,
    1.5,
    [],
    {},
    [[]],
    [null],
    nested(1_000, (inner) => [inner]),
    nested(1_000, (inner) => ({ a: inner })),
  ),
  fc
    .constantFrom('__proto__', 'constructor', 'hasOwnProperty', 'length')
    .map((key) => Object.fromEntries([[key, 1]])),
  fc.jsonValue(),
);

/** Ids and emails of customers there are, so that operations reach one. */
export interface Known {
  readonly uuids: readonly string[];
  readonly emails: readonly string[];
}

const cursor = fc
  .tuple(
    fc.constantFrom('CUSTOMER', 'EMAIL', 'CREATED_AT', 'UPDATED_AT'),
    fc.oneof(badText, fc.maxSafeInteger()),
    fc.oneof(fc.uuid(), badText),
  )
  .map((parts) => Buffer.from(JSON.stringify(parts)).toString('base64url'));

const instant = fc.oneof(
  fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
  fc.constantFrom(
    '0000-01-01T00:00:00Z',
    '9999-12-31T23:59:60Z',
    '2026-02-30T00:00:00Z',
    '+010000-01-01T00:00:00Z',
  ),
);

/** What makes values for the types of the schema: mostly such as are of the type, sometimes anything. */
export class Values {
  readonly #right: Record<string, fc.Arbitrary<unknown>>;

  constructor(known: Known) {
    const email = fc.oneof(fc.emailAddress(), fc.constantFrom(...known.emails));
    this.#right = {
      String: fc.oneof({ weight: 4, arbitrary: email }, fc.string(), fc.webUrl(), cursor),
      Int: fc.oneof(fc.integer({ min: 0, max: 120 }), fc.integer()),
      Boolean: fc.boolean(),
      UUID: fc.oneof(
        fc.uuid(),
        fc.constantFrom(...known.uuids),
        fc
          .constantFrom(...known.uuids)
          .chain((uuid) =>
            fc.constantFrom(
              `{${uuid}}`,
              `${uuid}}`,
              `{${uuid}`,
              `urn:uuid:${uuid}`,
              uuid.toUpperCase(),
              uuid.replaceAll('-', ''),
              `${uuid}\n`,
              ` ${uuid}`,
            ),
          ),
      ),
      DateTime: instant,
    };
  }

  for(type: GraphQLInputType): fc.Arbitrary<unknown> {
    return fc.oneof({ weight: 80, arbitrary: this.#of(type) }, { weight: 1, arbitrary: badValue });
  }

  #of(type: GraphQLInputType): fc.Arbitrary<unknown> {
    if (isNonNullType(type)) return this.#of(type.ofType);
    if (isListType(type)) return fc.array(this.for(type.ofType), { maxLength: 5 });
    if (isEnumType(type)) return fc.constantFrom(...type.getValues().map(({ name }) => name));
    if (isInputObjectType(type)) {
      const fields = Object.values(type.getFields());
      const required = fields.filter((field) => isNonNullType(field.type)).map(({ name }) => name);
      const model = Object.fromEntries(fields.map((field) => [field.name, this.for(field.type)]));
      return fc.record(model, { requiredKeys: required });
    }
    const right = this.#right[type.name] ?? badValue;
    return type.name === 'String'
      ? fc.oneof({ weight: 8, arbitrary: right }, { weight: 1, arbitrary: badText })
      : right;
  }
}
