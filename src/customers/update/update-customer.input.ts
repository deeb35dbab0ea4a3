import { Field, InputType, Int } from 'type-graphql';
import { ContactInput, ContactPartsInput, CustomerInput } from '../customer.input.js';
import { UuidScalar } from '../../validation/uuid.scalar.js';

@InputType({
  description:
    'What to change of a contact: what is left out stays as it is, null clears. A name, an email or a phone number must remain.',
})
export class UpdateContactInput extends ContactPartsInput {
  @Field(() => UuidScalar, { description: "The contact's id." })
  uuid!: string;
}

@InputType({
  description:
    "What to change of a customer's contacts. The others stay as they are. Afterwards there are at most 50, at most one of them primary.",
})
export class ContactChangesInput {
  @Field(() => [ContactInput], { nullable: true, description: 'Contacts to put at the end, at most 50.' })
  add?: ContactInput[] | null;

  @Field(() => [UpdateContactInput], { nullable: true, description: 'Contacts to change, at most 50.' })
  update?: UpdateContactInput[] | null;

  @Field(() => [UuidScalar], { nullable: true, description: 'Ids of contacts to remove, at most 50.' })
  remove?: string[] | null;
}

@InputType({
  description:
    'What to change of a customer. What is left out stays as it is, down to the part of an address and the key of the metadata; null clears what may be null.',
})
export class UpdateCustomerInput extends CustomerInput {
  @Field(() => String, {
    nullable: true,
    description: "The customer's name, 1 to 255 characters, not blank.",
  })
  customer?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'A valid email address, at most 255 characters, unique in the team without regard to case.',
  })
  email?: string | null;

  @Field(() => ContactChangesInput, { nullable: true, description: 'Contacts to add, change and remove.' })
  contacts?: ContactChangesInput | null;

  @Field(() => Int, {
    nullable: true,
    description: 'The `version` that was read: if the customer has another one by now, nothing is changed.',
  })
  expectedVersion?: number | null;
}

@InputType({ description: 'Which customer to change, and what of it.' })
export class UpdateCustomersItemInput extends UpdateCustomerInput {
  @Field(() => UuidScalar, { description: "The customer's id; each at most once." })
  uuid!: string;
}
