import { Field, InputType, registerEnumType } from 'type-graphql';

/** Fields by which customers can be sorted. */
export enum CustomerOrderField {
  CUSTOMER = 'CUSTOMER',
  EMAIL = 'EMAIL',
  CREATED_AT = 'CREATED_AT',
  UPDATED_AT = 'UPDATED_AT',
}

registerEnumType(CustomerOrderField, {
  name: 'CustomerOrderField',
  description: 'Fields by which customers can be sorted. Ties are sorted by ID in the same direction.',
  valuesConfig: {
    CUSTOMER: { description: 'Name, ignoring case.' },
    EMAIL: { description: 'Email, ignoring case.' },
    CREATED_AT: { description: 'Creation time.' },
    UPDATED_AT: { description: 'Time of the last update.' },
  },
});

export enum OrderDirection {
  ASC = 'ASC',
  DESC = 'DESC',
}

registerEnumType(OrderDirection, {
  name: 'OrderDirection',
  description: 'Sort direction.',
  valuesConfig: {
    ASC: { description: 'Ascending: A to Z, oldest first.' },
    DESC: { description: 'Descending: Z to A, newest first.' },
  },
});

@InputType({ description: 'Sort order of customers.' })
export class CustomerOrderInput {
  @Field(() => CustomerOrderField, {
    nullable: true,
    defaultValue: CustomerOrderField.CUSTOMER,
    description: 'Field to sort by.',
  })
  field?: CustomerOrderField | null;

  @Field(() => OrderDirection, {
    nullable: true,
    defaultValue: OrderDirection.ASC,
    description: 'Sort direction.',
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
