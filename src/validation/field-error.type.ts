import { Field, ObjectType, registerEnumType } from 'type-graphql';
import { FieldErrorCode } from './field-error-code.js';

// Not beside the enum: rules without GraphQL, such as those of the command line, need not load it.
registerEnumType(FieldErrorCode, {
  name: 'FieldErrorCode',
  description: 'What is wrong with a field, for programs. More codes may come.',
  valuesConfig: {
    REQUIRED: { description: 'The field must be there and not blank.' },
    TOO_LONG: { description: 'The text has more characters than the field may have.' },
    INVALID_EMAIL: { description: 'The text is not an email address.' },
    INVALID_URL: { description: 'The text is not an http or https URL.' },
    INVALID_CHARACTERS: {
      description:
        'The text has characters that the field may not have, such as control characters; the message names them.',
    },
    TOO_MANY: { description: 'The list has more items than it may have.' },
    MULTIPLE_PRIMARY: { description: 'Another contact before this one is primary already.' },
    OUT_OF_RANGE: { description: 'The number is smaller or larger than it may be.' },
    MUTUALLY_EXCLUSIVE: { description: 'The argument must not stand beside another one that is given.' },
    INVALID_CURSOR: { description: 'The cursor was not given by a list in the same order.' },
    NOT_FOUND: { description: 'There is nothing with this id where it should be.' },
    DUPLICATE: { description: 'An item before this one has the same value already.' },
  },
});

@ObjectType({ simpleResolvers: true, description: 'One field of the input that is not valid.' })
export class FieldError {
  @Field(() => String, {
    description:
      'Where the field is, from the input or the arguments down, list places from 0: `contacts.1.email`. In a row of a bulk, from that row down.',
  })
  path!: string;

  @Field(() => String, { description: 'What is wrong, for people.' })
  message!: string;

  @Field(() => FieldErrorCode, { description: 'What is wrong, for programs.' })
  code!: FieldErrorCode;
}
