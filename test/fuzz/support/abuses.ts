import fc from 'fast-check';
import { newCustomer } from '../../support/customers.js';
import { CREATE_CUSTOMER, CREATE_CUSTOMERS } from '../../support/operations.js';

/** A signed request that asks for much, or in a rare form. */
export interface Abuse {
  readonly body: string | Buffer;
  readonly headers?: Record<string, string>;
}

const json = (query: string, variables?: unknown): Abuse => ({ body: JSON.stringify({ query, variables }) });

const size = fc.integer({ min: 1, max: 20_000 });

const longText = fc
  .tuple(fc.constantFrom('a', ' ', '\u0301\u0327', '\u200b', '\u{1f98a}', 'ß', '\n', ':', '"'), size)
  .map(([unit, count]) => unit.repeat(count));

const documents = fc.oneof(
  fc
    .tuple(
      fc.constantFrom(' ', ',', '#', '__typename ', '"', '{', '...a '),
      fc.integer({ min: 1, max: 110_000 }),
    )
    .map(([unit, count]) => json(`{ __typename ${unit.repeat(Math.ceil(count / unit.length))} }`)),
  fc
    .constantFrom(
      'subscription { x }',
      'subscription { __typename }',
      'query a { __typename } query b { __typename }',
    )
    .map((query) => json(query)),
  fc.integer({ min: 1, max: 40 }).map((count) => {
    const aliases = Array.from({ length: count }, (_, index) => `a${index}: records { uuid }`);
    return json(`{ customers(limit: 100) { ${aliases.join(' ')} } }`);
  }),
);

const variables = fc.oneof(
  size.map((count) => {
    const fields = Array.from({ length: count }, (_, index): [string, number] => [`f${index}`, index]);
    return json(CREATE_CUSTOMER, { input: Object.fromEntries(fields) });
  }),
  fc
    .integer({ min: 0, max: 120 })
    .chain((count) =>
      fc
        .constantFrom<unknown>(null, {}, 1, [[]], { customer: 'A', email: 'taken@fuzz.example' })
        .map((row) => json(CREATE_CUSTOMERS, { inputs: Array.from({ length: count }, () => row) })),
    ),
  fc
    .tuple(
      longText,
      fc.constantFrom('customer', 'email', 'mainPhone', 'website', 'externalId', 'notes', 'taxNumber'),
    )
    .map(([text, field]) => json(CREATE_CUSTOMER, { input: newCustomer({ [field]: text }) })),
  longText.map((text) =>
    json(
      'query ($text: String!) { customerByEmail(email: $text) { uuid } customers(search: $text) { totalRecords } }',
      { text },
    ),
  ),
  longText.map((idempotencyKey) => json(CREATE_CUSTOMER, { input: newCustomer(), idempotencyKey })),
);

const typename = '{"query":"{ __typename }"}';

const forms = fc.oneof(
  fc
    .constantFrom('gzip', 'br', 'identity', 'deflate, gzip', '*')
    .map((encoding) => ({ body: typename, headers: { 'content-encoding': encoding } })),
  fc
    .constantFrom(
      'application/json,application/json',
      'application/json; charset=latin1',
      'text/json',
      'application/json; charset="utf-8',
    )
    .map((type) => ({ body: typename, headers: { 'content-type': type } })),
  fc
    .tuple(
      fc.constantFrom(
        'text/html',
        '*/*;q=0',
        'application/json;charset=utf8',
        'application/xml, */*;q=0.1',
        ',',
      ),
      fc.boolean(),
    )
    .map(([accept, isMutation]) => {
      const { body } = isMutation ? json(CREATE_CUSTOMER, { input: newCustomer() }) : { body: typename };
      return { body, headers: { accept } };
    }),
  fc
    .constantFrom('\uFEFF', '\uFEFF\uFEFF', '\0', ' '.repeat(10_000))
    .map((start) => ({ body: start + typename })),
  fc
    .uint8Array({ minLength: 1, maxLength: 4 })
    .map((bytes) => ({ body: Buffer.concat([Buffer.from(typename), bytes]) })),
);

/** Requests of the kinds that have blocked, filled or confused a gateway. */
export const abuses: fc.Arbitrary<Abuse> = fc.oneof(documents, variables, forms);
