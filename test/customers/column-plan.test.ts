import { describe, expect, test } from 'vitest';
import fc from 'fast-check';
import { parseColumnMap } from '../../src/customers/csv/column-map.js';
import { planColumns } from '../../src/customers/csv/column-plan.js';
import { type PlanOptions } from '../../src/customers/csv/plan-options.js';
import { headerKey } from '../../src/customers/csv/header-name.js';
import { layouts } from '../../src/customers/csv/layouts/layouts.js';
import { fieldsOfMeanings, meanings } from '../../src/customers/csv/synonyms.js';

const automatic: PlanOptions = { maps: [], others: 'ignore' };

function map(text: string) {
  const parsed = parseColumnMap(text);
  if ('problem' in parsed) throw new Error(parsed.problem);
  return parsed;
}

/** The columns of each field by name, those that are joined with ` + ` between them, and the ignored ones. */
function planned(header: readonly string[], options: Partial<PlanOptions> = {}) {
  const { plan, problems } = planColumns(header, { ...automatic, ...options });
  if (problems.length > 0) return { problems };
  const { fields, ignored, layout } = plan;
  const nameOf = (place: number) => header[place];
  return {
    fields: Object.fromEntries(
      fields.map(({ name, sources }) => [name, sources.map((places) => places.map(nameOf).join(' + '))]),
    ),
    ignored: ignored.map(nameOf),
    layout: layout?.name,
  };
}

describe('columns of a file without a known layout', () => {
  test('match by their names without regard to case, spaces and punctuation', () => {
    const header = [
      'Customer Name',
      'E-Mail',
      'PHONE NUMBER',
      'Web Site',
      'Billing City',
      'billing_address_country',
      'Street',
      'Address Line 2',
      'Shipping Zip Code',
      'VAT No.',
      'Tags',
    ];
    expect(planned(header)).toEqual({
      fields: {
        customer: ['Customer Name'],
        email: ['E-Mail'],
        mainPhone: ['PHONE NUMBER'],
        website: ['Web Site'],
        'billingAddress.street': ['Street + Address Line 2'],
        'billingAddress.city': ['Billing City'],
        'billingAddress.country': ['billing_address_country'],
        'shippingAddress.zipCode': ['Shipping Zip Code'],
        taxNumber: ['VAT No.'],
      },
      ignored: ['Tags'],
      layout: undefined,
    });
  });

  test('name the customer by the company, or else the person, who is the first contact', () => {
    expect(planned(['First Name', 'Last Name', 'Company', 'Email'])).toMatchObject({
      fields: {
        customer: ['Company', 'First Name + Last Name'],
        'contacts.0.firstName': ['First Name'],
        'contacts.0.lastName': ['Last Name'],
      },
    });
    expect(planned(['Name', 'Company', 'Email'])).toMatchObject({
      fields: { customer: ['Company', 'Name'], 'contacts.0.firstName': ['Name'] },
    });
  });

  test('fill a field once: the likelier name is read, the other is ignored', () => {
    expect(planned(['Name', 'Work Email', 'Email', 'e-mail'])).toMatchObject({
      fields: { customer: ['Name'], email: ['Email'] },
      ignored: ['Work Email', 'e-mail'],
    });
  });

  test('keep their own names exactly, before names that only look like it', () => {
    expect(planned(['Customer', 'customer', 'Email', 'email', 'metadata.Tier'])).toMatchObject({
      fields: { customer: ['customer'], email: ['email'], 'metadata.Tier': ['metadata.Tier'] },
      ignored: ['Customer', 'Email'],
    });
  });

  test('are missing with all problems at once', () => {
    expect(planned(['Kunde', 'metadata.a', 'metadata.a'], { others: 'refuse' })).toEqual({
      problems: [
        'Unknown column `Kunde`.',
        'Duplicate column `metadata.a` (columns 2 and 3).',
        'Missing column `customer`.',
        'Missing column `email`.',
      ],
    });
  });
});

describe('a mapping by the user', () => {
  const header = ['Kunde', 'Vorname', 'Nachname', 'E-Mail', 'A+B', 'Farbe'];

  test('reads a field from a column, from several joined, or from the first that is not blank', () => {
    const maps = ['Kunde=customer', 'vorname + NACHNAME=customer', 'A+B=Main Phone', 'Farbe=metadata.colour'];
    expect(planned(header, { maps: maps.map(map) })).toEqual({
      fields: {
        email: ['E-Mail'],
        customer: ['Kunde', 'Vorname + Nachname'],
        mainPhone: ['A+B'],
        'metadata.colour': ['Farbe'],
      },
      ignored: [],
      layout: undefined,
    });
  });

  test('takes a column away from what it would fill, also to ignore it', () => {
    const maps = ['Company=metadata.company', 'Phone+Fax=ignore'].map(map);
    expect(planned(['Name', 'Company', 'Email', 'Phone', 'Fax'], { maps, others: 'refuse' })).toMatchObject({
      fields: { customer: ['Name'], 'metadata.company': ['Company'] },
      ignored: ['Phone', 'Fax'],
    });
  });

  test('replaces the layout if it is a saved one, and must fit the file', () => {
    const fields = { customer: [['Kunde'], ['Vorname', 'Nachname']], email: [['E-Mail']] };
    const mapping = { fields, ignore: ['Farbe', 'A+B'] };
    expect(planned(header, { mapping, others: 'refuse' })).toMatchObject({
      fields: { customer: ['Kunde', 'Vorname + Nachname'], email: ['E-Mail'] },
      ignored: ['A+B', 'Farbe'],
    });
    expect(planned(['Kunde', 'E-Mail'], { mapping })).toEqual({
      problems: [
        'The mapping: the file has no column `Vorname`.',
        'The mapping: the file has no column `Nachname`.',
      ],
    });
  });

  test('must name columns of the file, and fields', () => {
    expect(planned(['customer', 'email'], { maps: [map('Firma=customer')] })).toEqual({
      problems: ['The file has no column `Firma`.'],
    });
    expect(parseColumnMap('Firma=name')).toEqual({ problem: 'Unknown field `name`.' });
    expect(parseColumnMap('Firma')).toEqual({ problem: 'must be of the form "Their Header=field"' });
    expect(parseColumnMap('a = b=email')).toEqual({ columns: 'a = b', field: 'email' });
  });

  test('puts other columns into the metadata, under as much of their names as a key can have', () => {
    const long = 'x'.repeat(50);
    expect(planned(['customer', 'email', 'Tier', long, ''], { others: 'metadata' })).toMatchObject({
      fields: { 'metadata.Tier': ['Tier'], [`metadata.${'x'.repeat(40)}`]: [long] },
      ignored: [''],
    });
  });
});

describe('the tables', () => {
  test('read the ID of a customer of Zoho by both of its names', () => {
    for (const id of ['Contact ID', 'Customer ID']) {
      const { plan } = planColumns(['Display Name', 'Customer Sub Type', 'EmailID', id], automatic);
      expect(plan.layout?.name).toBe('zoho');
      expect(plan.fields.find(({ name }) => name === 'externalId')?.sources).toEqual([[3]]);
    }
  });

  test('give a file with the signatures of several layouts the longest of them', () => {
    const signatureOf = (name: string) => layouts.find((layout) => layout.name === name)?.signatures[0] ?? [];
    for (const [shorter, longer] of [
      ['stripe', 'invoice-ninja'],
      ['wave', 'quickbooks'],
    ] as const) {
      const header = [...signatureOf(shorter), ...signatureOf(longer)];
      expect(planColumns(header, automatic).plan.layout?.name).toBe(longer);
      expect(planColumns(header.toReversed(), automatic).plan.layout?.name).toBe(longer);
    }
  });

  test('give no name of a column two meanings', () => {
    const names = Object.values(meanings).flatMap((list) => [...new Set(list.map(headerKey))]);
    expect(names.filter((name, place) => names.indexOf(name) < place)).toEqual([]);
    expect(fieldsOfMeanings.map(([field]) => field)).toContain('customer');
  });

  test('name only fields that there are', () => {
    const fields = layouts.flatMap((layout) => Object.keys(layout.fields));
    const unknown = fields.filter((field) => 'problem' in parseColumnMap(`x=${field}`));
    expect(unknown).toEqual([]);
  });
});

const names = [
  ...Object.values(meanings).flat(),
  ...layouts.flatMap(({ fields }) => Object.values(fields).flatMap((sources = []) => sources.flat())),
  'customer',
  'email',
  'metadata.a',
  'contacts.0.email',
  'line',
  'problems',
  '',
  'x',
];

test('no two columns fill one field unless each is named as joined or as an alternative', () => {
  fc.assert(
    fc.property(
      fc.array(fc.oneof(fc.constantFrom(...names), fc.string({ maxLength: 10 })), { maxLength: 12 }),
      fc.constantFrom('ignore', 'metadata', 'refuse'),
      (header, others) => {
        const { fields, ignored, rejection, layout } = planColumns(header, { maps: [], others }).plan;
        expect(new Set(fields.map(({ name }) => name)).size).toBe(fields.length);
        for (const { name, sources } of fields) {
          const places = sources.flat();
          expect(new Set(places).size).toBe(places.length);
          const known = layout
            ? (Object.entries(layout.fields).find(([field]) => field === name)?.[1] ?? [])
            : (fieldsOfMeanings.find(([field]) => field === name)?.[1] ?? []);
          // Beyond what the tables say, a field has one column.
          expect(sources.length).toBeLessThanOrEqual(places.length > 1 ? known.length : 1);
        }
        // Every column fills a field, is ignored, is the gateway's own of rejected rows, or repeats the name of one of these.
        const placed = new Set([
          ...fields.flatMap(({ sources }) => sources.flat()),
          ...ignored,
          ...rejection,
        ]);
        const placedNames = new Set([...placed].map((place) => header[place]?.trim()));
        expect(
          [...header.keys()].filter((place) => !placed.has(place) && !placedNames.has(header[place]?.trim())),
        ).toEqual([]);
      },
    ),
  );
});
