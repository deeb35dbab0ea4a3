import { CustomerStatus } from '../customer-status.js';
import { type CustomerRow } from '../columns.js';

/** What an erased customer's row and snapshots have in place of its data. The name and the email are required, so they have placeholders. */
export const erasedCustomer = (uuid: string): CustomerRow => ({
  uuid,
  customer: 'Erased customer',
  // A name that is never registered (RFC 2606, section 2). Unique, so that a copy of the customers with unique emails takes it.
  email: `${uuid}@erased.invalid`,
  mainPhone: null,
  website: null,
  status: CustomerStatus.INACTIVE,
  externalId: null,
  notes: null,
  taxNumber: null,
  paymentTerm: null,
  metadata: [],
  billingAddress: null,
  shippingAddress: null,
});
