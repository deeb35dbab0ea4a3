import { addressFrom, anyOf, type Layout } from './layout.js';

/**
 * HubSpot, Contacts, Export. The columns are those of the exported view, named by their labels. An export of companies has no email:
 * HubSpot keeps it with the contacts.
 *
 * @see https://knowledge.hubspot.com/import-and-export/export-records
 */
export const hubspot: Layout = {
  name: 'hubspot',
  title: 'HubSpot contacts',
  signatures: [
    ['Record ID', 'First Name', 'Last Name', 'Email'],
    ['Record ID', 'Email', 'Contact owner'],
  ],
  fields: {
    customer: [
      ['Company Name'],
      ['Company'],
      ['Associated Company'],
      ['Primary Associated Company'],
      ['First Name', 'Last Name'],
      ['Email'],
    ],
    email: anyOf('Email', 'Work email'),
    mainPhone: anyOf('Phone Number', 'Mobile Phone Number'),
    website: anyOf('Website URL'),
    externalId: anyOf('Record ID'),
    ...addressFrom('billingAddress', {
      street: [['Street Address', 'Street Address 2']],
      city: anyOf('City'),
      state: anyOf('State/Region', 'State/Region Code'),
      zipCode: anyOf('Postal Code'),
      country: anyOf('Country/Region', 'Country/Region Code', 'Country'),
    }),
    'contacts.0.firstName': anyOf('First Name'),
    'contacts.0.lastName': anyOf('Last Name'),
  },
};
