import { ArgsType, Field, Int } from 'type-graphql';
import { limits } from '../limits.js';
import { CustomerEventType, EVENT_TYPES } from './event-type.js';

const FIRST_DESCRIPTION = `Maximum number of events, 1 to ${limits.pageSize}.`;

/** Arguments of `history`. */
@ArgsType()
export class CustomerHistoryArgs {
  @Field(() => Int, {
    nullable: true,
    defaultValue: limits.defaultPageSize,
    description: FIRST_DESCRIPTION,
  })
  first?: number | null;

  @Field(() => String, { nullable: true, description: 'Returns events after this cursor, which are older.' })
  after?: string | null;
}

/** Arguments of `customerEvents`. */
@ArgsType()
export class CustomerEventsArgs {
  @Field(() => Int, {
    nullable: true,
    defaultValue: limits.defaultPageSize,
    description: FIRST_DESCRIPTION,
  })
  first?: number | null;

  @Field(() => String, {
    nullable: true,
    description:
      'Returns events after this cursor. Without it, the list begins with the oldest event that is kept. Returns the error code `EXPIRED_CURSOR` if the event of the cursor has been removed.',
  })
  after?: string | null;

  @Field(() => [CustomerEventType], {
    nullable: true,
    description: `Returns only events of these types, at most ${EVENT_TYPES}; by default, or with an empty list, of all types. A page may then have fewer events than \`first\`, even if more follow; continue with \`endCursor\` until \`hasNextPage\` is false.`,
  })
  types?: CustomerEventType[] | null;
}
