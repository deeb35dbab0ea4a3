import { addressFrom, anyOf, type Layout } from './layout.js';

/**
 * Wave, Settings, Data export, Customers.
 *
 * @see https://support.waveapps.com/hc/en-us/articles/208621786
 */
export const wave: Layout = {
  name: 'wave',
  title: 'Wave customers',
  signatures: [['customer_name', 'contact_first_name', 'address_line_1']],
  fields: {
    customer: [['customer_name'], ['contact_first_name', 'contact_last_name']],
    email: anyOf('email'),
    mainPhone: anyOf('phone', 'mobile', 'toll_free'),
    website: anyOf('website'),
    externalId: anyOf('account_number'),
    ...addressFrom('billingAddress', {
      street: [['address_line_1', 'address_line_2']],
      city: anyOf('city'),
      state: anyOf('province/state'),
      zipCode: anyOf('postal_code/zip_code'),
      country: anyOf('country'),
    }),
    ...addressFrom('shippingAddress', {
      street: [['ship-to_address_line_1', 'ship-to_address_line_2']],
      city: anyOf('ship-to_city'),
      state: anyOf('ship-to_province/state'),
      zipCode: anyOf('ship-to_postal_code/zip_code'),
      country: anyOf('ship-to_country'),
    }),
    'contacts.0.firstName': anyOf('contact_first_name'),
    'contacts.0.lastName': anyOf('contact_last_name'),
    'contacts.0.phone': anyOf('mobile'),
  },
};
