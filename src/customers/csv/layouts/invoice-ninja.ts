import { addressFrom, anyOf, type Layout } from './layout.js';

/**
 * Invoice Ninja 5, Reports, Client, Export as CSV, in English.
 *
 * @see https://github.com/invoiceninja/invoiceninja/blob/v5-stable/app/Export/CSV/ClientExport.php
 */
export const invoiceNinja: Layout = {
  name: 'invoice-ninja',
  title: 'Invoice Ninja clients',
  signatures: [
    ['Name', 'Paid to Date', 'VAT Number', 'Email'],
    ['Name', 'Client Currency', 'Email'],
  ],
  fields: {
    customer: [['Name'], ['First Name', 'Last Name'], ['Email']],
    email: anyOf('Email'),
    mainPhone: anyOf('Client Phone', 'Contact Phone', 'Phone'),
    website: anyOf('Website'),
    externalId: anyOf('Number'),
    notes: [['Public Notes', 'Private Notes']],
    taxNumber: anyOf('VAT Number', 'ID Number'),
    paymentTerm: anyOf('Client Payment Terms', 'Payment Terms'),
    ...addressFrom('billingAddress', {
      street: [['Street', 'Apt/Suite']],
      city: anyOf('City'),
      state: anyOf('State/Province'),
      zipCode: anyOf('Postal Code'),
      country: anyOf('Country'),
    }),
    ...addressFrom('shippingAddress', {
      street: [['Shipping Street', 'Shipping Apt/Suite']],
      city: anyOf('Shipping City'),
      state: anyOf('Shipping State/Province'),
      zipCode: anyOf('Shipping Postal Code'),
      country: anyOf('Shipping Country'),
    }),
    'contacts.0.firstName': anyOf('First Name'),
    'contacts.0.lastName': anyOf('Last Name'),
    'contacts.0.phone': anyOf('Contact Phone'),
  },
};
