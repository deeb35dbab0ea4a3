import { Field, ObjectType, registerEnumType } from 'type-graphql';
import { FieldErrorCode } from './field-error-code.js';

// Not beside the enum, because code without GraphQL, such as the command line, loads the enum only.
registerEnumType(FieldErrorCode, {
  name: 'FieldErrorCode',
  description: 'Why a field is not valid. New codes may be added. Handle unknown ones in a default branch.',
  valuesConfig: {
    REQUIRED: { description: 'The field is required and must not be blank.' },
    TOO_LONG: { description: 'The text has more characters than allowed.' },
    INVALID_EMAIL: { description: 'The text is not a valid email address.' },
    INVALID_URL: { description: 'The text is not a URL that is allowed; the message has the rule.' },
    INVALID_CHARACTERS: {
      description:
        'The text contains characters that are not allowed, such as control characters; the message names them.',
    },
    TOO_MANY: { description: 'The list has more items than allowed.' },
    MULTIPLE_PRIMARY: { description: 'Another contact is already primary.' },
    OUT_OF_RANGE: { description: 'The number is outside the allowed range.' },
    MUTUALLY_EXCLUSIVE: {
      description: 'The argument cannot be combined with another argument that was given.',
    },
    INVALID_CURSOR: { description: 'The cursor was not returned by a list with the same sort order.' },
    EXPIRED_CURSOR: {
      description:
        'The event that the cursor names has been removed. Read all customers again, then continue with a new cursor.',
    },
    NOT_FOUND: { description: 'No object with this ID exists.' },
    DUPLICATE: { description: 'An earlier item has the same value.' },
  },
});

@ObjectType({ simpleResolvers: true, description: 'An invalid field of the input.' })
export class FieldError {
  @Field(() => String, {
    description:
      'Path to the field from the input or the arguments, with list indexes starting at 0: `contacts.1.email`. In a row of a bulk mutation, the path starts at that row.',
  })
  path!: string;

  @Field(() => String, { description: 'Human-readable message.' })
  message!: string;

  @Field(() => FieldErrorCode, { description: 'Machine-readable code.' })
  code!: FieldErrorCode;
}
