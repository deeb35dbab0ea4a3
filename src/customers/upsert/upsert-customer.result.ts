import { createUnionType, registerEnumType } from 'type-graphql';
import { RateLimited } from '../../rate-limit/rate-limited.type.js';
import { ValidationError } from '../../validation/validation-error.type.js';
import { Conflict } from '../conflict.type.js';
import { Created } from '../create/create-customer.result.js';
import { Updated } from '../update/update-customer.result.js';

/** Field that identifies an existing customer. */
export enum CustomerKey {
  EMAIL = 'EMAIL',
  EXTERNAL_ID = 'EXTERNAL_ID',
}

registerEnumType(CustomerKey, {
  name: 'CustomerKey',
  description: 'Field that identifies an existing customer.',
  valuesConfig: {
    EMAIL: { description: 'Email, ignoring case.' },
    EXTERNAL_ID: { description: 'External ID, which is then required.' },
  },
});

/** Result of `upsertCustomer`. */
export const UpsertCustomerResult = createUnionType({
  name: 'UpsertCustomerResult',
  description: 'Result of `upsertCustomer`.',
  types: () => [Created, Updated, ValidationError, Conflict, RateLimited] as const,
});
