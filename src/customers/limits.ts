/** Upper bounds of a customer's parts. Lengths are in characters, as PostgreSQL counts them (code points). */
export const limits = {
  name: 255,
  email: 255,
  phone: 50,
  website: 255,
  addressPart: 255,
  zipCode: 20,
  externalId: 255,
  notes: 5_000,
  taxNumber: 50,
  paymentTerm: 100,
  metadataKey: 40,
  metadataValue: 500,
  search: 255,
  /** Items of a list. */
  metadataEntries: 50,
  contacts: 50,
  /** Rows of a bulk operation. */
  rows: 100,
  /** Customers on a page. */
  pageSize: 100,
  defaultPageSize: 20,
  /** Highest page number. */
  page: 10_000,
} as const;
