import { randomUUID } from 'node:crypto';
import { emailKey, nameKey, searchText } from '../../dist/src/customers/text-keys.js';
import {
  anyPage,
  anyUuid,
  BULK_SIZE,
  hasTimes,
  newCustomer,
  type Operation,
  type Operations,
  PAGE_SIZE,
} from '../operations.ts';

const parts = `
fragment CustomerParts on Customer {
  rowId name email mainPhone website status externalId notes taxNumber paymentTerm metadata
  billingStreet billingCity billingState billingZipCode billingCountry
  shippingStreet shippingCity shippingState shippingZipCode shippingCountry version createdAt updatedAt
}
fragment ContactParts on Contact { rowId firstName lastName email phone isPrimary }`;

const whole = '...CustomerParts contactsByCustomerId(orderBy: [POSITION_ASC]) { nodes { ...ContactParts } }';

// By its id alone it would find a customer that is deleted or another team's.
const readQuery = `query Customer($uuid: UUID!, $teamId: UUID!) {
  allCustomers(first: 1, condition: { rowId: $uuid, teamId: $teamId, deletedAt: null }) { nodes { ${whole} } }
} ${parts}`;

// The gateway's order is by name_key and id, which it does not offer together: the primary key does as well.
const pageQuery = `query Customers($first: Int!, $offset: Int!, $teamId: UUID!) {
  allCustomers(
    first: $first, offset: $offset, condition: { teamId: $teamId, deletedAt: null }, orderBy: [PRIMARY_KEY_ASC]
  ) { nodes { ${whole} } }
} ${parts}`;

/** Creates so many customers with two contacts each, in one request with a mutation for each row. */
function createOperation(teamId: string, creates: number): Operation {
  const numbers = Array.from({ length: creates }, (_, index) => index);
  const variables = numbers.flatMap((n) => [
    `$customer${n}: CreateCustomerInput!`,
    ...[0, 1].map((position) => `$contact${n}_${position}: CreateContactInput!`),
  ]);
  const mutations = numbers.flatMap((n) => [
    `customer${n}: createCustomer(input: $customer${n}) { customer { ...CustomerParts } }`,
    ...[0, 1].map(
      (position) =>
        `contact${n}_${position}: createContact(input: $contact${n}_${position}) { contact { ...ContactParts } }`,
    ),
  ]);
  const query = `mutation Create(${variables.join(', ')}) { ${mutations.join('\n')} } ${parts}`;
  return {
    creates,
    body: () =>
      JSON.stringify({ query, variables: Object.fromEntries(numbers.flatMap((n) => newRows(teamId, n))) }),
    isDone: (answer) =>
      hasTimes(answer, '"customer":{', creates) &&
      hasTimes(answer, '"contact":{', 2 * creates) &&
      !answer.includes('"errors":'),
  };
}

/** The variables of the customer with a number; the client chooses the ids, else it would take two requests. */
function newRows(teamId: string, n: number): [name: string, value: object][] {
  const { customer: name, billingAddress, shippingAddress, contacts, ...rest } = newCustomer();
  const rowId = randomUUID();
  const customer = {
    ...rest,
    rowId,
    teamId,
    name,
    emailKey: emailKey(rest.email),
    nameKey: nameKey(name),
    searchText: searchText({ customer: name, email: rest.email, mainPhone: rest.mainPhone }),
    billingStreet: billingAddress.street,
    billingCity: billingAddress.city,
    billingState: billingAddress.state,
    billingZipCode: billingAddress.zipCode,
    billingCountry: billingAddress.country,
    shippingStreet: shippingAddress.street,
    shippingCity: shippingAddress.city,
    shippingState: shippingAddress.state,
    shippingZipCode: shippingAddress.zipCode,
    shippingCountry: shippingAddress.country,
  };
  return [
    [`customer${n}`, { customer }],
    ...contacts.map((contact, position): [string, object] => [
      `contact${n}_${position}`,
      { contact: { ...contact, rowId: randomUUID(), customerId: rowId, position } },
    ]),
  ];
}

/** The same work in the words that PostGraphile makes of the tables. */
export function postgraphileOperations(teamId: string): Operations {
  return {
    create: createOperation(teamId, 1),
    read: {
      creates: 0,
      body: (seeded) => JSON.stringify({ query: readQuery, variables: { uuid: anyUuid(seeded), teamId } }),
      isDone: (answer) => answer.includes('"allCustomers":{"nodes":[{"rowId":'),
    },
    page: {
      creates: 0,
      body(seeded) {
        const offset = (anyPage(seeded) - 1) * PAGE_SIZE;
        return JSON.stringify({ query: pageQuery, variables: { first: PAGE_SIZE, offset, teamId } });
      },
      isDone: (answer) => hasTimes(answer, '"contactsByCustomerId":{', PAGE_SIZE),
    },
    bulk: createOperation(teamId, BULK_SIZE),
  };
}
