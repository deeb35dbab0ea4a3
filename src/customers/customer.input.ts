import { Field, InputType } from 'type-graphql';
import { CustomerStatus } from './customer-status.js';

@InputType({ description: 'A postal address. All parts are optional.' })
export class AddressInput {
  @Field(() => String, { nullable: true, description: 'Street and house number, at most 255 characters.' })
  street?: string | null;

  @Field(() => String, { nullable: true, description: 'City or town, at most 255 characters.' })
  city?: string | null;

  @Field(() => String, { nullable: true, description: 'State, province or region, at most 255 characters.' })
  state?: string | null;

  @Field(() => String, { nullable: true, description: 'Postal code, at most 20 characters.' })
  zipCode?: string | null;

  @Field(() => String, { nullable: true, description: 'Country, at most 255 characters.' })
  country?: string | null;
}

/** Fields common to a new contact and an update of one. */
@InputType()
export abstract class ContactPartsInput {
  @Field(() => String, { nullable: true, description: 'Given name, at most 255 characters.' })
  firstName?: string | null;

  @Field(() => String, { nullable: true, description: 'Family name, at most 255 characters.' })
  lastName?: string | null;

  @Field(() => String, { nullable: true, description: 'A valid email address, at most 255 characters.' })
  email?: string | null;

  @Field(() => String, { nullable: true, description: 'Phone number, at most 50 characters.' })
  phone?: string | null;

  @Field(() => Boolean, {
    nullable: true,
    description:
      "Whether this is the customer's primary contact. A customer has at most one. Defaults to `false` for a new contact.",
  })
  isPrimary?: boolean | null;
}

@InputType({ description: 'A contact person. Requires at least a name, an email or a phone number.' })
export class ContactInput extends ContactPartsInput {}

@InputType({ description: "A key-value pair of a customer's metadata." })
export class MetadataInput {
  @Field(() => String, { description: 'Key, 1 to 40 characters, not blank. Each key may appear once.' })
  key!: string;

  @Field(() => String, {
    nullable: true,
    description:
      'Value, at most 500 characters. If `null` or blank, the key is not stored, and an update removes it.',
  })
  value?: string | null;
}

/** Fields common to a new customer and an update of one. */
@InputType()
export abstract class CustomerInput {
  @Field(() => String, { nullable: true, description: 'Main phone number, at most 50 characters.' })
  mainPhone?: string | null;

  @Field(() => String, { nullable: true, description: 'An http or https URL, at most 255 characters.' })
  website?: string | null;

  @Field(() => CustomerStatus, {
    nullable: true,
    description: 'Status of the customer. Defaults to `ACTIVE` for a new customer.',
  })
  status?: CustomerStatus | null;

  @Field(() => String, {
    nullable: true,
    description:
      "The customer's ID in another system, at most 255 characters. Unique within the team; case-sensitive.",
  })
  externalId?: string | null;

  @Field(() => String, { nullable: true, description: 'Free-form notes, at most 5000 characters.' })
  notes?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'VAT, GST or other tax number, at most 50 characters.',
  })
  taxNumber?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Payment terms, such as `Net 30`, at most 100 characters.',
  })
  paymentTerm?: string | null;

  @Field(() => [MetadataInput], {
    nullable: true,
    description: 'Key-value pairs set by the integration. A customer has at most 50.',
  })
  metadata?: MetadataInput[] | null;

  @Field(() => AddressInput, { nullable: true, description: 'Billing address.' })
  billingAddress?: AddressInput | null;

  @Field(() => AddressInput, { nullable: true, description: 'Shipping address.' })
  shippingAddress?: AddressInput | null;
}
