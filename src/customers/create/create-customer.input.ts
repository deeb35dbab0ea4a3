import { Field, InputType } from 'type-graphql';
import { ContactInput, CustomerInput } from '../customer.input.js';

@InputType({
  description:
    'A customer to create. White space and invisible characters at both ends of text are removed, and text is brought to Unicode NFC; optional text that is then empty counts as absent. Control characters are refused, except line breaks and tabs in notes and values of metadata. Lengths are in characters (code points).',
})
export class CreateCustomerInput extends CustomerInput {
  @Field(() => String, { description: "The customer's name, 1 to 255 characters, not blank." })
  customer!: string;

  @Field(() => String, {
    description: 'A valid email address, at most 255 characters, unique in the team without regard to case.',
  })
  email!: string;

  @Field(() => [ContactInput], { nullable: true, description: 'At most 50, at most one of them primary.' })
  contacts?: ContactInput[] | null;
}
