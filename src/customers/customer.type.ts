import { Extensions, Field, Int, ObjectType, registerEnumType } from 'type-graphql';
import { CustomerStatus } from './customer-status.js';
import { limits } from './limits.js';
import { RequiresScope } from '../auth/requires-scope.js';
import { NodeType } from '../validation/node.type.js';
import { UuidScalar } from '../validation/uuid.scalar.js';
import { DateTimeScalar } from '../validation/date-time.scalar.js';

// Not beside the enum, because code without GraphQL, such as the command line, loads the enum only.
registerEnumType(CustomerStatus, {
  name: 'CustomerStatus',
  description: 'Status of a customer.',
  valuesConfig: {
    ACTIVE: { description: 'The customer is in use. Default for new customers.' },
    INACTIVE: { description: 'The customer is no longer in use and is kept for its history.' },
  },
});

@ObjectType('Address', {
  simpleResolvers: true,
  description: 'A postal address. At least one part is present.',
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

  @Field(() => String, { nullable: true, description: 'Country, in free form.' })
  country!: string | null;
}

/** What a contact and its snapshot have in common. */
@ObjectType({ simpleResolvers: true })
export abstract class ContactFields {
  @Field(() => UuidScalar, { description: "The contact's ID." })
  uuid!: string;

  @Field(() => String, { nullable: true, description: 'Given name.' })
  firstName!: string | null;

  @Field(() => String, { nullable: true, description: 'Family name.' })
  lastName!: string | null;

  @Field(() => String, { nullable: true, description: 'Email address.' })
  email!: string | null;

  @Field(() => String, { nullable: true, description: 'Phone number, in free form.' })
  phone!: string | null;

  @Field(() => Boolean, {
    description: "Whether this is the customer's primary contact. A customer has at most one.",
  })
  isPrimary!: boolean;
}

@RequiresScope('customers:read')
@ObjectType('Contact', {
  simpleResolvers: true,
  implements: NodeType,
  description: 'A contact person of a customer.',
})
export class ContactType extends ContactFields {}

@ObjectType('MetadataEntry', {
  simpleResolvers: true,
  description: "A key-value pair of a customer's metadata.",
})
export class MetadataEntryType {
  @Field(() => String, { description: 'Key, unique within the customer.' })
  key!: string;

  @Field(() => String, { description: 'Value, in free form.' })
  value!: string;
}

/** What a customer and its snapshot have in common. */
@ObjectType({ simpleResolvers: true })
export abstract class CustomerFields {
  @Field(() => UuidScalar, { description: "The customer's ID (UUID version 7)." })
  uuid!: string;

  @Field(() => String, { description: "The customer's name." })
  customer!: string;

  @Field(() => String, { description: 'Email address. Unique within the team, ignoring case.' })
  email!: string;

  @Field(() => String, { nullable: true, description: 'Main phone number, in free form.' })
  mainPhone!: string | null;

  @Field(() => String, { nullable: true, description: 'Website URL (http or https).' })
  website!: string | null;

  @Field(() => CustomerStatus, { description: 'Status of the customer.' })
  status!: CustomerStatus;

  @Field(() => String, {
    nullable: true,
    description: "The customer's ID in another system. Unique within the team; case-sensitive.",
  })
  externalId!: string | null;

  @Field(() => String, { nullable: true, description: 'Free-form notes.' })
  notes!: string | null;

  @Field(() => String, { nullable: true, description: 'VAT, GST or other tax number.' })
  taxNumber!: string | null;

  @Field(() => String, { nullable: true, description: 'Payment terms, such as `Net 30`.' })
  paymentTerm!: string | null;

  @Extensions({ maxItems: limits.metadataEntries })
  @Field(() => [MetadataEntryType], {
    description: 'Key-value pairs set by the integration, at most 50, sorted by key.',
  })
  metadata!: readonly MetadataEntryType[];

  @Field(() => AddressType, { nullable: true, description: 'Billing address.' })
  billingAddress!: AddressType | null;

  @Field(() => AddressType, { nullable: true, description: 'Shipping address.' })
  shippingAddress!: AddressType | null;

  @Field(() => Int, {
    description:
      'Version number, starting at 1 and incremented by every update. Send it as `expectedVersion` to detect concurrent updates.',
  })
  version!: number;

  @Field(() => DateTimeScalar, { description: 'Creation time.' })
  createdAt!: Date;

  @Field(() => DateTimeScalar, { description: 'Time of the last update.' })
  updatedAt!: Date;
}

@RequiresScope('customers:read')
@ObjectType('Customer', {
  simpleResolvers: true,
  implements: NodeType,
  description: 'A customer of one team.',
})
export class CustomerType extends CustomerFields {
  @Extensions({ maxItems: limits.contacts })
  @Field(() => [ContactType], {
    description: 'Contacts, at most 50, in the order in which they were added.',
  })
  contacts!: readonly ContactType[];
}
