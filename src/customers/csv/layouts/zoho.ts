import { addressFrom, anyOf, type Layout } from './layout.js';

/**
 * Zoho Books and Zoho Invoice, Customers, Export Customers. The ID of a customer is `Contact ID` or `Customer ID`.
 *
 * @see https://www.zoho.com/us/books/help/contacts/
 */
export const zoho: Layout = {
  name: 'zoho',
  title: 'Zoho Books customers',
  signatures: [
    ['Contact ID', 'Display Name', 'EmailID'],
    ['Display Name', 'Customer Sub Type', 'EmailID'],
  ],
  fields: {
    customer: [['Display Name'], ['Customer Name'], ['Company Name'], ['First Name', 'Last Name']],
    email: anyOf('EmailID'),
    mainPhone: anyOf('Phone', 'MobilePhone', 'Billing Phone'),
    website: anyOf('Website'),
    status: anyOf('Status'),
    externalId: anyOf('Contact ID', 'Customer ID'),
    notes: anyOf('Notes'),
    taxNumber: anyOf(
      'GST Identification Number (GSTIN)',
      'Tax Registration Number',
      'VAT Registration Number',
      'Tax ID',
    ),
    paymentTerm: anyOf('Payment Terms Label', 'Payment Terms'),
    ...addressFrom('billingAddress', {
      street: [['Billing Address', 'Billing Street2']],
      city: anyOf('Billing City'),
      state: anyOf('Billing State'),
      zipCode: anyOf('Billing Code'),
      country: anyOf('Billing Country'),
    }),
    ...addressFrom('shippingAddress', {
      street: [['Shipping Address', 'Shipping Street2']],
      city: anyOf('Shipping City'),
      state: anyOf('Shipping State'),
      zipCode: anyOf('Shipping Code'),
      country: anyOf('Shipping Country'),
    }),
    'contacts.0.firstName': anyOf('First Name'),
    'contacts.0.lastName': anyOf('Last Name'),
    'contacts.0.phone': anyOf('MobilePhone'),
  },
};
