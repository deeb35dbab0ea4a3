import { Field, InputType } from 'type-graphql';
import { ContactInput, CustomerInput } from '../customer.input.js';

@InputType({
  description:
    'A customer to create. Leading and trailing white space and invisible characters are removed, and text is normalized to Unicode NFC. Optional text that is then empty is treated as `null`. Control characters are rejected, except line breaks and tabs in `notes` and metadata values. Lengths are in characters (Unicode code points).',
})
export class CreateCustomerInput extends CustomerInput {
  @Field(() => String, { description: "The customer's name, 1 to 255 characters, not blank." })
  customer!: string;

  @Field(() => String, {
    description: 'A valid email address, at most 255 characters. Unique within the team, ignoring case.',
  })
  email!: string;

  @Field(() => [ContactInput], {
    nullable: true,
    description: 'Contacts, at most 50. At most one can be primary.',
  })
  contacts?: ContactInput[] | null;
}
