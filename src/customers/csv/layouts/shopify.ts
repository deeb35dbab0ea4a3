import { addressFrom, anyOf, type Layout } from './layout.js';

/**
 * Shopify, Customers, Export. The second signature is the export of before 2023.
 *
 * @see https://help.shopify.com/en/manual/customers/import-export-customers
 */
export const shopify: Layout = {
  name: 'shopify',
  title: 'Shopify customers',
  signatures: [
    ['Email', 'Default Address Address1', 'Accepts Email Marketing'],
    ['Email', 'Province Code', 'Accepts Marketing'],
  ],
  fields: {
    customer: [['Default Address Company'], ['Company'], ['First Name', 'Last Name'], ['Email']],
    email: anyOf('Email'),
    mainPhone: anyOf('Phone', 'Default Address Phone'),
    externalId: anyOf('Customer ID'),
    notes: anyOf('Note'),
    ...addressFrom('billingAddress', {
      street: [
        ['Default Address Address1', 'Default Address Address2'],
        ['Address1', 'Address2'],
      ],
      city: anyOf('Default Address City', 'City'),
      state: anyOf('Default Address Province Code', 'Province Code', 'Province'),
      zipCode: anyOf('Default Address Zip', 'Zip'),
      country: anyOf('Default Address Country Code', 'Country Code', 'Country'),
    }),
    'contacts.0.firstName': anyOf('First Name'),
    'contacts.0.lastName': anyOf('Last Name'),
  },
};
