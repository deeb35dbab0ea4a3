import { registerEnumType } from 'type-graphql';

/** Whether the team still does business with a customer. */
export enum CustomerStatus {
  ACTIVE = 'ACTIVE',
  INACTIVE = 'INACTIVE',
}

registerEnumType(CustomerStatus, {
  name: 'CustomerStatus',
  description: 'Whether the team still does business with a customer.',
  valuesConfig: {
    ACTIVE: { description: 'The customer is in use. New customers start here.' },
    INACTIVE: { description: 'The customer is kept for its history only.' },
  },
});
