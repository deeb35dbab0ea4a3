import { Field, InputType } from 'type-graphql';
import { CustomerStatus } from '../customer-status.js';
import { DateTimeScalar } from '../../validation/date-time.scalar.js';

/** Shared by every `search` argument. */
export const SEARCH_DESCRIPTION =
  'Text contained in the name, email or main phone number, ignoring case and accents; at most 255 characters. A search for 3 or more digits also matches phone numbers, ignoring punctuation.';

@InputType({ description: 'A time range. An omitted bound is open.' })
export class DateTimeRangeInput {
  @Field(() => DateTimeScalar, { nullable: true, description: 'Start of the range, inclusive.' })
  from?: Date | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'End of the range, exclusive.' })
  to?: Date | null;
}

@InputType({ description: 'Filters for a list of customers. A customer must match every filter given.' })
export class CustomerFilterInput {
  @Field(() => String, { nullable: true, description: SEARCH_DESCRIPTION })
  search?: string | null;

  @Field(() => CustomerStatus, { nullable: true, description: 'Matches customers with this status.' })
  status?: CustomerStatus | null;

  @Field(() => DateTimeRangeInput, {
    nullable: true,
    description: 'Matches customers created in this range.',
  })
  createdAt?: DateTimeRangeInput | null;

  @Field(() => DateTimeRangeInput, {
    nullable: true,
    description: 'Matches customers last updated in this range.',
  })
  updatedAt?: DateTimeRangeInput | null;

  @Field(() => Boolean, {
    nullable: true,
    defaultValue: false,
    description:
      'If true, matches deleted customers instead of the others. `updatedAt` is when they were deleted or erased.',
  })
  deleted?: boolean | null;
}
