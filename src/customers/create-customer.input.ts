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

@InputType({ description: 'A person at a customer: at least a name, an email or a phone number.' })
export class ContactInput {
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

@InputType({
  description:
    'A customer to create. Text is trimmed and brought to Unicode NFC; optional text that is then empty counts as absent. Lengths are in characters (code points).',
})
export class CreateCustomerInput {
  @Field(() => String, { description: "The customer's name, 1 to 255 characters, not blank." })
  customer!: string;

  @Field(() => String, {
    description: 'A valid email address, at most 255 characters, unique in the team without regard to case.',
  })
  email!: string;

  @Field(() => String, { nullable: true, description: 'Main phone number, at most 50 characters.' })
  mainPhone?: string | null;

  @Field(() => String, { nullable: true, description: 'An http or https URL, at most 255 characters.' })
  website?: string | null;

  @Field(() => CustomerStatus, { nullable: true, description: 'ACTIVE by default.' })
  status?: CustomerStatus | null;

  @Field(() => AddressInput, { nullable: true, description: 'Where invoices go.' })
  billingAddress?: AddressInput | null;

  @Field(() => AddressInput, { nullable: true, description: 'Where goods go.' })
  shippingAddress?: AddressInput | null;

  @Field(() => [ContactInput], { nullable: true, description: 'At most 50, at most one of them primary.' })
  contacts?: ContactInput[] | null;
}
