import { Field, InputType, registerEnumType } from 'type-graphql';

/** Fields by which customers can be ordered. */
export enum CustomerOrderField {
  CUSTOMER = 'CUSTOMER',
  EMAIL = 'EMAIL',
  CREATED_AT = 'CREATED_AT',
  UPDATED_AT = 'UPDATED_AT',
}

registerEnumType(CustomerOrderField, {
  name: 'CustomerOrderField',
  description:
    'What customers can be put in order by. Those that are equal in it are in the order of their ids.',
  valuesConfig: {
    CUSTOMER: { description: 'The name, without regard to case.' },
    EMAIL: { description: 'The email, without regard to case.' },
    CREATED_AT: { description: 'When the customer was created.' },
    UPDATED_AT: { description: 'When the customer was last changed.' },
  },
});

export enum OrderDirection {
  ASC = 'ASC',
  DESC = 'DESC',
}

registerEnumType(OrderDirection, {
  name: 'OrderDirection',
  description: 'Which way an order runs.',
  valuesConfig: {
    ASC: { description: 'From the smallest, the first or the oldest on.' },
    DESC: { description: 'From the largest, the last or the newest on.' },
  },
});

@InputType({ description: 'An order of customers.' })
export class CustomerOrderInput {
  @Field(() => CustomerOrderField, {
    nullable: true,
    defaultValue: CustomerOrderField.CUSTOMER,
    description: 'What to put them in order by.',
  })
  field?: CustomerOrderField | null;

  @Field(() => OrderDirection, {
    nullable: true,
    defaultValue: OrderDirection.ASC,
    description: 'Which way it runs.',
  })
  direction?: OrderDirection | null;
}

/** An order, with nothing left open. */
export interface CustomerOrder {
  readonly field: CustomerOrderField;
  readonly direction: OrderDirection;
}

/** The requested order; ascending by name by default. */
export function customerOrder(
  field: CustomerOrderField | null | undefined,
  direction: OrderDirection | null | undefined,
): CustomerOrder {
  return { field: field ?? CustomerOrderField.CUSTOMER, direction: direction ?? OrderDirection.ASC };
}
