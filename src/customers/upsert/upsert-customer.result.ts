import { createUnionType, registerEnumType } from 'type-graphql';
import { RateLimited } from '../../rate-limit/rate-limited.type.js';
import { ValidationError } from '../../validation/validation-error.type.js';
import { Conflict } from '../conflict.type.js';
import { Created } from '../create/create-customer.result.js';
import { Updated } from '../update/update-customer.result.js';

/** What tells whether the team has a customer already. */
export enum CustomerKey {
  EMAIL = 'EMAIL',
  EXTERNAL_ID = 'EXTERNAL_ID',
}

registerEnumType(CustomerKey, {
  name: 'CustomerKey',
  description: 'What tells whether the team has a customer already.',
  valuesConfig: {
    EMAIL: { description: 'The email, without regard to case.' },
    EXTERNAL_ID: { description: 'The external id, which must be sent then.' },
  },
});

/** Every way an `upsertCustomer` can end, once its caller is known. */
export const UpsertCustomerResult = createUnionType({
  name: 'UpsertCustomerResult',
  description: 'Every way an `upsertCustomer` can end, once its caller is known.',
  types: () => [Created, Updated, ValidationError, Conflict, RateLimited] as const,
});
