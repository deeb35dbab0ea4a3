import { addressFrom, anyOf, type FieldSources, type Layout } from './layout.js';

/** The further people of a Xero contact. */
const people = [1, 2, 3, 4, 5].map((number): FieldSources => ({
  [`contacts.${number}.firstName`]: anyOf(`Person${number}FirstName`),
  [`contacts.${number}.lastName`]: anyOf(`Person${number}LastName`),
  [`contacts.${number}.email`]: anyOf(`Person${number}Email`),
}));

/**
 * Xero, Contacts, Export: the columns of the file that Xero imports again. PO is the postal address, which invoices have, and SA the
 * street address.
 *
 * @see https://help.xero.com/us/Contacts-Import-Existing
 */
export const xero: Layout = {
  name: 'xero',
  title: 'Xero contacts',
  signatures: [['*ContactName', 'EmailAddress', 'POAddressLine1']],
  fields: {
    customer: [['*ContactName'], ['LegalName'], ['FirstName', 'LastName']],
    email: anyOf('EmailAddress', 'Person1Email'),
    mainPhone: anyOf('PhoneNumber', 'MobileNumber', 'DDINumber'),
    website: anyOf('Website'),
    externalId: anyOf('AccountNumber'),
    taxNumber: anyOf('TaxNumber'),
    ...addressFrom('billingAddress', {
      street: [['POAddressLine1', 'POAddressLine2', 'POAddressLine3', 'POAddressLine4']],
      city: anyOf('POCity'),
      state: anyOf('PORegion'),
      zipCode: anyOf('POPostalCode'),
      country: anyOf('POCountry'),
    }),
    ...addressFrom('shippingAddress', {
      street: [['SAAddressLine1', 'SAAddressLine2', 'SAAddressLine3', 'SAAddressLine4']],
      city: anyOf('SACity'),
      state: anyOf('SARegion'),
      zipCode: anyOf('SAPostalCode'),
      country: anyOf('SACountry'),
    }),
    'contacts.0.firstName': anyOf('FirstName'),
    'contacts.0.lastName': anyOf('LastName'),
    ...Object.assign({}, ...people),
  },
};
