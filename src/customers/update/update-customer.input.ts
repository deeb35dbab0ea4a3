import { Field, InputType, Int } from 'type-graphql';
import { ContactInput, ContactPartsInput, CustomerInput } from '../customer.input.js';
import { UuidScalar } from '../../validation/uuid.scalar.js';

@InputType({
  description:
    'Updates to a contact. Omitted fields are left unchanged; `null` clears a field. A name, an email or a phone number must remain.',
})
export class UpdateContactInput extends ContactPartsInput {
  @Field(() => UuidScalar, { description: "The contact's ID." })
  uuid!: string;
}

@InputType({
  description:
    "Updates to a customer's contacts. Other contacts are left unchanged. The customer must end up with at most 50 contacts and at most one primary contact.",
})
export class ContactChangesInput {
  @Field(() => [ContactInput], { nullable: true, description: 'Contacts to append, at most 50.' })
  add?: ContactInput[] | null;

  @Field(() => [UpdateContactInput], { nullable: true, description: 'Contacts to update, at most 50.' })
  update?: UpdateContactInput[] | null;

  @Field(() => [UuidScalar], { nullable: true, description: 'IDs of contacts to remove, at most 50.' })
  remove?: string[] | null;
}

@InputType({
  description:
    'Updates to a customer. Omitted fields are left unchanged, including omitted parts of an address and omitted metadata keys. `null` clears an optional field.',
})
export class UpdateCustomerInput extends CustomerInput {
  @Field(() => String, {
    nullable: true,
    description: "The customer's name, 1 to 255 characters, not blank.",
  })
  customer?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'A valid email address, at most 255 characters. Unique within the team, ignoring case.',
  })
  email?: string | null;

  @Field(() => ContactChangesInput, { nullable: true, description: 'Contacts to add, update and remove.' })
  contacts?: ContactChangesInput | null;

  @Field(() => Int, {
    nullable: true,
    description:
      'The `version` that was last read. If the customer has a different version, nothing is updated and a `Conflict` is returned.',
  })
  expectedVersion?: number | null;
}

@InputType({ description: 'A customer to update.' })
export class UpdateCustomersItemInput extends UpdateCustomerInput {
  @Field(() => UuidScalar, { description: "The customer's ID. Each ID may appear once." })
  uuid!: string;
}
