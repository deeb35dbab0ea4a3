import { Field, InputType } from 'type-graphql';
import { CustomerStatus } from './customer-status.js';

@InputType({ description: 'A postal address. Every part is optional.' })
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

/** What a contact to add and a change of one have in common. */
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
    description: 'Whether to turn to this contact first; false by default. At most one contact may be.',
  })
  isPrimary?: boolean | null;
}

@InputType({ description: 'A person at a customer: at least a name, an email or a phone number.' })
export class ContactInput extends ContactPartsInput {}

@InputType({ description: "A pair of a customer's metadata." })
export class MetadataInput {
  @Field(() => String, { description: '1 to 40 characters, not blank; each key at most once.' })
  key!: string;

  @Field(() => String, {
    nullable: true,
    description: 'At most 500 characters. Null or blank leaves the key out.',
  })
  value?: string | null;
}

/** What a customer to create and a change of one have in common. */
@InputType()
export abstract class CustomerInput {
  @Field(() => String, { nullable: true, description: 'Main phone number, at most 50 characters.' })
  mainPhone?: string | null;

  @Field(() => String, { nullable: true, description: 'An http or https URL, at most 255 characters.' })
  website?: string | null;

  @Field(() => CustomerStatus, {
    nullable: true,
    description: 'Whether the team still does business with the customer; ACTIVE by default.',
  })
  status?: CustomerStatus | null;

  @Field(() => String, {
    nullable: true,
    description:
      "The customer's id in another system, at most 255 characters, unique in the team; case counts.",
  })
  externalId?: string | null;

  @Field(() => String, { nullable: true, description: 'Anything to remember, at most 5000 characters.' })
  notes?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'VAT, GST or other tax number, at most 50 characters.',
  })
  taxNumber?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'When invoices are due, such as `Net 30`, at most 100 characters.',
  })
  paymentTerm?: string | null;

  @Field(() => [MetadataInput], {
    nullable: true,
    description: 'Pairs of your own. A customer has at most 50.',
  })
  metadata?: MetadataInput[] | null;

  @Field(() => AddressInput, { nullable: true, description: 'Where invoices go.' })
  billingAddress?: AddressInput | null;

  @Field(() => AddressInput, { nullable: true, description: 'Where goods go.' })
  shippingAddress?: AddressInput | null;
}
