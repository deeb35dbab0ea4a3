import { randomUUID } from 'node:crypto';
import { newCustomer, type Operations } from '../operations.ts';

const customerParts = `rowId name email mainPhone website status
  billingStreet billingCity billingState billingZipCode billingCountry
  shippingStreet shippingCity shippingState shippingZipCode shippingCountry createdAt updatedAt`;
const contactParts = 'rowId firstName lastName email phone isPrimary';

const createQuery = `mutation CreateCustomer(
  $customer: CreateCustomerInput!, $first: CreateContactInput!, $second: CreateContactInput!
) {
  customer: createCustomer(input: $customer) { customer { ${customerParts} } }
  first: createContact(input: $first) { contact { ${contactParts} } }
  second: createContact(input: $second) { contact { ${contactParts} } }
}`;

const readQuery = `query Customer($uuid: UUID!) {
  customerByRowId(rowId: $uuid) {
    ${customerParts}
    contactsByCustomerId(orderBy: [POSITION_ASC]) { nodes { ${contactParts} } }
  }
}`;

/**
 * The same work in the words that PostGraphile makes of the tables: a mutation for each row, in one request. The
 * client chooses the ids, else it would take two requests.
 */
export function postgraphileOperations(teamId: string): Operations {
  return {
    create: {
      body() {
        const { customer: name, billingAddress, shippingAddress, contacts, ...rest } = newCustomer();
        const rowId = randomUUID();
        const customer = {
          ...rest,
          rowId,
          teamId,
          name,
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
        const [first, second] = contacts.map((contact, position) => ({
          contact: { ...contact, rowId: randomUUID(), customerId: rowId, position },
        }));
        return JSON.stringify({ query: createQuery, variables: { customer: { customer }, first, second } });
      },
      isDone: (answer) => answer.includes('"second":{"contact":{') && !answer.includes('"errors":'),
    },
    read: {
      body: (uuid) => JSON.stringify({ query: readQuery, variables: { uuid } }),
      isDone: (answer) => answer.includes('"customerByRowId":{"rowId":'),
    },
  };
}
