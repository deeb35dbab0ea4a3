import { GraphQLDateTime } from 'graphql-scalars';
import { Extensions, Field, Int, ObjectType, registerEnumType } from 'type-graphql';
import { CustomerStatus } from './customer-status.js';
import { limits } from './limits.js';
import { UuidScalar } from '../validation/uuid.scalar.js';

// Not beside the enum: what reads and writes customers without GraphQL, such as the command line, need not load it.
registerEnumType(CustomerStatus, {
  name: 'CustomerStatus',
  description: 'Whether the team still does business with a customer.',
  valuesConfig: {
    ACTIVE: { description: 'The customer is in use. New customers start here.' },
    INACTIVE: { description: 'The customer is kept for its history only.' },
  },
});

@ObjectType('Address', {
  simpleResolvers: true,
  description: 'A postal address. Any part may be missing, but not all.',
})
export class AddressType {
  @Field(() => String, { nullable: true, description: 'Street and house number.' })
  street!: string | null;

  @Field(() => String, { nullable: true, description: 'City or town.' })
  city!: string | null;

  @Field(() => String, { nullable: true, description: 'State, province or region.' })
  state!: string | null;

  @Field(() => String, { nullable: true, description: 'Postal code.' })
  zipCode!: string | null;

  @Field(() => String, { nullable: true, description: 'Country, as the caller wrote it.' })
  country!: string | null;
}

@ObjectType('Contact', { simpleResolvers: true, description: 'A person at a customer.' })
export class ContactType {
  @Field(() => UuidScalar, { description: "The contact's id." })
  uuid!: string;

  @Field(() => String, { nullable: true, description: 'Given name.' })
  firstName!: string | null;

  @Field(() => String, { nullable: true, description: 'Family name.' })
  lastName!: string | null;

  @Field(() => String, { nullable: true, description: 'Email address.' })
  email!: string | null;

  @Field(() => String, { nullable: true, description: 'Phone number, as the caller wrote it.' })
  phone!: string | null;

  @Field(() => Boolean, { description: 'Whether to turn to this contact first. At most one is.' })
  isPrimary!: boolean;
}

@ObjectType('MetadataEntry', { simpleResolvers: true, description: "A pair of a customer's metadata." })
export class MetadataEntryType {
  @Field(() => String, { description: 'What the integrator calls it.' })
  key!: string;

  @Field(() => String, { description: 'What the integrator keeps there.' })
  value!: string;
}

@ObjectType('Customer', { simpleResolvers: true, description: 'A customer of one team.' })
export class CustomerType {
  @Field(() => UuidScalar, { description: "The customer's id (a UUID, version 7)." })
  uuid!: string;

  @Field(() => String, { description: "The customer's name." })
  customer!: string;

  @Field(() => String, { description: 'Email address; unique in the team without regard to case.' })
  email!: string;

  @Field(() => String, { nullable: true, description: 'Main phone number, as the caller wrote it.' })
  mainPhone!: string | null;

  @Field(() => String, { nullable: true, description: 'Address of the website (http or https).' })
  website!: string | null;

  @Field(() => CustomerStatus, { description: 'Whether the team still does business with the customer.' })
  status!: CustomerStatus;

  @Field(() => String, {
    nullable: true,
    description: "The customer's id in another system; unique in the team, and case counts.",
  })
  externalId!: string | null;

  @Field(() => String, { nullable: true, description: 'Anything to remember.' })
  notes!: string | null;

  @Field(() => String, { nullable: true, description: 'VAT, GST or other tax number.' })
  taxNumber!: string | null;

  @Field(() => String, { nullable: true, description: 'When invoices are due, such as `Net 30`.' })
  paymentTerm!: string | null;

  @Extensions({ maxItems: limits.metadataEntries })
  @Field(() => [MetadataEntryType], {
    description: 'Pairs of integrators, at most 50, in the order of keys.',
  })
  metadata!: readonly MetadataEntryType[];

  @Field(() => AddressType, { nullable: true, description: 'Where invoices go.' })
  billingAddress!: AddressType | null;

  @Field(() => AddressType, { nullable: true, description: 'Where goods go.' })
  shippingAddress!: AddressType | null;

  @Extensions({ maxItems: limits.contacts })
  @Field(() => [ContactType], {
    description: 'The people at the customer, at most 50, in the order they were sent.',
  })
  contacts!: readonly ContactType[];

  @Field(() => Int, {
    description:
      'Counts the changes, from 1. Send it as `expectedVersion` to change only what you have read.',
  })
  version!: number;

  @Field(() => GraphQLDateTime, { description: 'When the customer was created.' })
  createdAt!: Date;

  @Field(() => GraphQLDateTime, { description: 'When the customer was last changed.' })
  updatedAt!: Date;
}
