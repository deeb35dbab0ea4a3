import { type FieldName } from './layouts/layout.js';

/** Parts of an address, with the names that its columns have after `Billing` or `Shipping`, and alone. */
const addressNames = {
  street: ['Street', 'Address', 'Address 1', 'Address Line 1', 'Street Address', 'Street 1', 'Street Line 1'],
  street2: [
    'Address 2',
    'Address Line 2',
    'Street 2',
    'Street Address 2',
    'Street Line 2',
    'Apt/Suite',
    'Suite',
    'Unit',
  ],
  city: ['City', 'Town', 'City/Town', 'Locality', 'Suburb'],
  state: ['State', 'Province', 'Region', 'State/Province', 'State/Region', 'Province/State', 'County'],
  zipCode: [
    'Zip',
    'Zip Code',
    'Postal Code',
    'Postcode',
    'Post Code',
    'Zip/Postal Code',
    'Postal Code/Zip Code',
  ],
  country: ['Country', 'Country/Region', 'Country Name', 'Country Code'],
} as const;

const prefixed = (prefixes: readonly string[], names: readonly string[]) =>
  prefixes.flatMap((prefix) => names.map((name) => `${prefix} ${name}`));

const billing = ['Billing', 'Bill To', 'Billing Address', 'Invoice', 'Mailing'];
const shipping = ['Shipping', 'Ship To', 'Shipping Address', 'Delivery'];

/**
 * What a column can mean, with the names that programs and people give it, the likelier first. Names are compared by `headerKey`. A
 * name is in one list only.
 */
export const meanings = {
  customer: [
    'Customer',
    'Customer Name',
    'Client',
    'Client Name',
    'Account Name',
    'Display Name',
    'Contact Name',
    'Customer Full Name',
  ],
  company: [
    'Company',
    'Company Name',
    'Organization',
    'Organisation',
    'Organization Name',
    'Business Name',
    'Business',
    'Firm',
  ],
  person: ['Name', 'Full Name', 'Contact', 'Contact Person', 'Primary Contact'],
  firstName: ['First Name', 'Given Name', 'Forename', 'Contact First Name'],
  lastName: ['Last Name', 'Family Name', 'Surname', 'Contact Last Name'],
  email: [
    'Email',
    'E-mail Address',
    'Email Address',
    'Primary Email',
    'Main Email',
    'Contact Email',
    'Customer Email',
    'Billing Email',
    'Work Email',
    'E-mail 1 - Value',
    'Email 1',
    'EmailID',
    'Mail',
  ],
  phone: [
    'Main Phone',
    'Phone',
    'Phone Number',
    'Phone No',
    'Telephone',
    'Telephone Number',
    'Tel',
    'Business Phone',
    'Work Phone',
    'Company Phone',
    'Primary Phone',
    'Phone 1 - Value',
    'Phone 1',
  ],
  mobile: ['Mobile', 'Mobile Phone', 'Mobile Number', 'Cell', 'Cell Phone', 'Mobile Phone Number'],
  website: ['Website', 'Web Site', 'Website URL', 'URL', 'Web Page', 'Homepage', 'Web'],
  status: ['Status', 'Customer Status', 'Active', 'Is Active'],
  externalId: [
    'External ID',
    'Customer ID',
    'Client ID',
    'Account ID',
    'Customer Number',
    'Customer No',
    'Customer Code',
    'Client Number',
    'Account Number',
  ],
  notes: ['Notes', 'Note', 'Comments', 'Comment', 'Remarks', 'Memo'],
  taxNumber: [
    'Tax Number',
    'VAT Number',
    'VAT No',
    'Tax No',
    'VAT ID',
    'VAT',
    'Tax ID',
    'GST Number',
    'GSTIN',
    'ABN',
    'TIN',
    'Tax Registration Number',
  ],
  paymentTerm: ['Payment Term', 'Payment Terms', 'Terms'],
  street: [...prefixed(billing, addressNames.street), 'Billing Address', 'Bill To', ...addressNames.street],
  street2: [...prefixed(billing, addressNames.street2), ...addressNames.street2],
  city: [...prefixed(billing, addressNames.city), ...addressNames.city],
  state: [...prefixed(billing, addressNames.state), ...addressNames.state],
  zipCode: [...prefixed(billing, addressNames.zipCode), ...addressNames.zipCode],
  country: [...prefixed(billing, addressNames.country), ...addressNames.country],
  shippingStreet: [
    ...prefixed(shipping, addressNames.street),
    'Shipping Address',
    'Ship To',
    'Delivery Address',
  ],
  shippingStreet2: prefixed(shipping, addressNames.street2),
  shippingCity: prefixed(shipping, addressNames.city),
  shippingState: prefixed(shipping, addressNames.state),
  shippingZipCode: prefixed(shipping, addressNames.zipCode),
  shippingCountry: prefixed(shipping, addressNames.country),
} as const satisfies Record<string, readonly string[]>;

/** What a column can mean. */
export type Meaning = keyof typeof meanings;

/** The fields of a file without a known layout, by the meanings of its columns. The order of alternatives is that of preference. */
export const fieldsOfMeanings: readonly (readonly [FieldName, readonly (readonly Meaning[])[]])[] = [
  ['customer', [['customer'], ['company'], ['person'], ['firstName', 'lastName']]],
  ['email', [['email']]],
  ['mainPhone', [['phone'], ['mobile']]],
  ['website', [['website']]],
  ['status', [['status']]],
  ['externalId', [['externalId']]],
  ['notes', [['notes']]],
  ['taxNumber', [['taxNumber']]],
  ['paymentTerm', [['paymentTerm']]],
  ['billingAddress.street', [['street', 'street2']]],
  ['billingAddress.city', [['city']]],
  ['billingAddress.state', [['state']]],
  ['billingAddress.zipCode', [['zipCode']]],
  ['billingAddress.country', [['country']]],
  ['shippingAddress.street', [['shippingStreet', 'shippingStreet2']]],
  ['shippingAddress.city', [['shippingCity']]],
  ['shippingAddress.state', [['shippingState']]],
  ['shippingAddress.zipCode', [['shippingZipCode']]],
  ['shippingAddress.country', [['shippingCountry']]],
  ['contacts.0.firstName', [['firstName']]],
  ['contacts.0.lastName', [['lastName']]],
];
