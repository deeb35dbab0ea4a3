import { addressFrom, anyOf, type Layout } from './layout.js';

/**
 * Stripe Dashboard, Customers, Export. The user chooses the columns; those of the default and those with the card's address are read.
 * `Status` is the status of a subscription, so it is not read.
 *
 * @see https://docs.stripe.com/dashboard/basics
 */
export const stripe: Layout = {
  name: 'stripe',
  title: 'Stripe customers',
  signatures: [['id', 'Email', 'Created (UTC)']],
  fields: {
    customer: anyOf('Name', 'Card Name', 'Email'),
    email: anyOf('Email'),
    mainPhone: anyOf('Phone'),
    externalId: anyOf('id'),
    notes: anyOf('Description'),
    taxNumber: anyOf('Business Vat ID'),
    ...addressFrom('billingAddress', {
      street: [
        ['Address Line1', 'Address Line2'],
        ['Card Address Line1', 'Card Address Line2'],
      ],
      city: anyOf('Address City', 'Card Address City'),
      state: anyOf('Address State', 'Card Address State'),
      zipCode: anyOf('Address Postal Code', 'Card Address Zip'),
      country: anyOf('Address Country', 'Card Address Country'),
    }),
    ...addressFrom('shippingAddress', {
      street: [['Shipping Address Line1', 'Shipping Address Line2']],
      city: anyOf('Shipping Address City'),
      state: anyOf('Shipping Address State'),
      zipCode: anyOf('Shipping Address Postal Code'),
      country: anyOf('Shipping Address Country'),
    }),
  },
  metadataSuffix: ' (metadata)',
};
