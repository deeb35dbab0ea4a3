import fc from 'fast-check';
import { CustomerStatus } from '../../src/customers/customer-status.js';
import { type CustomerType } from '../../src/customers/customer.type.js';
import { identifier, lines, requiredText } from '../../src/validation/text-rules.js';

/** What text in a customer can be: what is special to CSV and spreadsheets, and anything else, but as rules leave it. */
const storedText = (maxLength: number, rule?: typeof lines) =>
  fc
    .string({
      unit: fc.oneof(
        fc.constantFrom('"', ',', ';', '\r', '\n', '\t', '=', '+', '1', "'", '\u{feff}'),
        fc.string({ unit: 'binary', maxLength: 1 }),
      ),
      minLength: 1,
      maxLength,
    })
    .map((text) => requiredText(maxLength, rule).safeParse(text).data)
    .filter((text) => text !== undefined);

const optional = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: null });

const address = fc
  .record({
    street: optional(storedText(20)),
    city: optional(storedText(20)),
    state: optional(storedText(20)),
    zipCode: optional(storedText(20)),
    country: optional(storedText(20)),
  })
  .map((parts) => (Object.values(parts).some((part) => part !== null) ? parts : null));

const contact = fc.record({
  uuid: fc.uuid(),
  firstName: storedText(20),
  lastName: optional(storedText(20)),
  email: optional(fc.constant('"a,b"@x.example')),
  phone: optional(storedText(20, identifier)),
  isPrimary: fc.constant(false),
});

/** Any customer as it is stored, with text that is special to CSV and spreadsheets. */
export const anyCustomer: fc.Arbitrary<CustomerType> = fc.record({
  uuid: fc.uuid(),
  customer: storedText(50),
  email: fc.constant('"quoted, =1+1"@x.example'),
  mainPhone: optional(storedText(20, identifier)),
  website: optional(fc.constant('https://x.example/?a=1,2;"3"')),
  status: fc.constantFrom(...Object.values(CustomerStatus)),
  externalId: optional(storedText(20, identifier)),
  notes: optional(storedText(100, lines)),
  taxNumber: optional(storedText(20, identifier)),
  paymentTerm: optional(storedText(20)),
  metadata: fc
    .uniqueArray(fc.record({ key: storedText(20, identifier), value: storedText(20, lines) }), {
      selector: ({ key }) => key,
      maxLength: 5,
    })
    .map((pairs) => pairs.toSorted((a, b) => (a.key < b.key ? -1 : 1))),
  billingAddress: address,
  shippingAddress: address,
  contacts: fc
    .array(contact, { maxLength: 4 })
    .map((people) => people.map((person, index) => ({ ...person, isPrimary: index === 2 }))),
  version: fc.constant(1),
  createdAt: fc.constant(new Date(0)),
  updatedAt: fc.constant(new Date(0)),
});
