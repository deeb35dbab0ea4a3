import { GraphQLDateTime } from 'graphql-scalars';
import { Field, InputType } from 'type-graphql';
import { CustomerStatus } from '../customer-status.js';

/** What every search says of itself. */
export const SEARCH_DESCRIPTION =
  'Text that the name, the email or the main phone number contains, ignoring case and accents; at most 255 characters. A phone number is also found by 3 or more of its digits, however they are punctuated.';

@InputType({ description: 'A span of time. What is left out does not bound it.' })
export class DateTimeRangeInput {
  @Field(() => GraphQLDateTime, { nullable: true, description: 'The first moment that is in it.' })
  from?: Date | null;

  @Field(() => GraphQLDateTime, { nullable: true, description: 'The first moment after it.' })
  to?: Date | null;
}

@InputType({ description: 'Which customers to list: those to which all that is given applies.' })
export class CustomerFilterInput {
  @Field(() => String, { nullable: true, description: SEARCH_DESCRIPTION })
  search?: string | null;

  @Field(() => CustomerStatus, { nullable: true, description: 'Those with this status.' })
  status?: CustomerStatus | null;

  @Field(() => DateTimeRangeInput, { nullable: true, description: 'Those created then.' })
  createdAt?: DateTimeRangeInput | null;

  @Field(() => DateTimeRangeInput, { nullable: true, description: 'Those last changed then.' })
  updatedAt?: DateTimeRangeInput | null;
}
