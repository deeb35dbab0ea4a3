import { GraphQLUUID } from 'graphql-scalars';
import { Field, Int, ObjectType, registerEnumType } from 'type-graphql';
import { CustomerStatus } from '../../../dist/src/customers/customer-status.js';

registerEnumType(CustomerStatus, { name: 'CustomerStatus' });

@ObjectType('Address')
export class AddressType {
  @Field(() => String, { nullable: true })
  street!: string | null;

  @Field(() => String, { nullable: true })
  city!: string | null;

  @Field(() => String, { nullable: true })
  state!: string | null;

  @Field(() => String, { nullable: true })
  zipCode!: string | null;

  @Field(() => String, { nullable: true })
  country!: string | null;
}

@ObjectType('Contact')
export class ContactType {
  @Field(() => GraphQLUUID)
  uuid!: string;

  @Field(() => String, { nullable: true })
  firstName!: string | null;

  @Field(() => String, { nullable: true })
  lastName!: string | null;

  @Field(() => String, { nullable: true })
  email!: string | null;

  @Field(() => String, { nullable: true })
  phone!: string | null;

  @Field(() => Boolean)
  isPrimary!: boolean;
}

@ObjectType()
export class MetadataEntry {
  @Field(() => String)
  key!: string;

  @Field(() => String)
  value!: string;
}

/** An entity, but for the fields that the resolver computes. */
@ObjectType('Customer')
export class CustomerType {
  @Field(() => GraphQLUUID)
  uuid!: string;

  @Field(() => String)
  customer!: string;

  @Field(() => String)
  email!: string;

  @Field(() => String, { nullable: true })
  mainPhone!: string | null;

  @Field(() => String, { nullable: true })
  website!: string | null;

  @Field(() => CustomerStatus)
  status!: CustomerStatus;

  @Field(() => String, { nullable: true })
  externalId!: string | null;

  @Field(() => String, { nullable: true })
  notes!: string | null;

  @Field(() => String, { nullable: true })
  taxNumber!: string | null;

  @Field(() => String, { nullable: true })
  paymentTerm!: string | null;

  @Field(() => AddressType, { nullable: true })
  billingAddress!: AddressType | null;

  @Field(() => AddressType, { nullable: true })
  shippingAddress!: AddressType | null;

  @Field(() => Int)
  version!: number;

  @Field(() => Date)
  createdAt!: Date;

  @Field(() => Date)
  updatedAt!: Date;
}

@ObjectType()
export class CustomerPage {
  @Field(() => Int)
  page!: number;

  @Field(() => Int)
  limit!: number;

  @Field(() => [CustomerType])
  records!: CustomerType[];
}

export const CustomerOrderField = { CUSTOMER: 'CUSTOMER' } as const;

registerEnumType(CustomerOrderField, { name: 'CustomerOrderField' });
