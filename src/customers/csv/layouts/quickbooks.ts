import { addressFrom, anyOf, type Layout } from './layout.js';

/**
 * QuickBooks Online: the list of Sales, Customers, "Export to Excel", saved as CSV, and the report "Customer Contact List". The
 * report has the phone numbers and each address in one cell, and title lines before its header.
 *
 * @see https://quickbooks.intuit.com/learn-support/en-us/help-article/import-export-data-files/export-reports-lists-data-quickbooks-online/L8mR3TyUk_US_en_US
 */
export const quickbooks: Layout = {
  name: 'quickbooks',
  title: 'QuickBooks Online customers',
  signatures: [
    ['Name', 'Street Address', 'Zip', 'Open Balance'],
    ['Customer', 'Street Address', 'Zip', 'Open Balance'],
    ['Customer', 'Phone Numbers', 'Full Name'],
    ['Customer full name', 'Phone numbers', 'Bill address'],
  ],
  fields: {
    customer: anyOf('Customer', 'Customer full name', 'Name', 'Company name', 'Company', 'Full Name'),
    email: anyOf('Email'),
    mainPhone: anyOf('Phone', 'Phone Numbers', 'Mobile'),
    website: anyOf('Website'),
    notes: anyOf('Notes'),
    taxNumber: anyOf('Resale Number', 'Tax ID'),
    paymentTerm: anyOf('Terms'),
    ...addressFrom('billingAddress', {
      street: anyOf('Street Address', 'Billing Address', 'Bill address'),
      city: anyOf('City', 'Billing City'),
      state: anyOf('State', 'Billing State'),
      zipCode: anyOf('Zip', 'Billing ZIP code'),
      country: anyOf('Country', 'Billing Country'),
    }),
    ...addressFrom('shippingAddress', {
      street: anyOf('Shipping Address', 'Ship address'),
      city: anyOf('Shipping City'),
      state: anyOf('Shipping State'),
      zipCode: anyOf('Shipping ZIP code'),
      country: anyOf('Shipping Country'),
    }),
    // The report does not tell the parts of a name apart.
    'contacts.0.firstName': anyOf('Full Name'),
  },
};
