import { Args, Ctx, FieldResolver, Query, Resolver, Root } from 'type-graphql';
import { callerOf } from '../../auth/auth-context.js';
import { RequiresScope } from '../../auth/requires-scope.js';
import { badUserInput } from '../../validation/bad-user-input.js';
import { FieldErrorCode } from '../../validation/field-error-code.js';
import { type CustomerContext } from '../customer-context.js';
import { CustomerType } from '../customer.type.js';
import { CustomerEventConnection, type EventSlice } from './customer-event-connection.js';
import { encodeEventCursor, encodeHistoryCursor } from './event-cursor.js';
import { checkFeed, checkHistory } from './event-rules.js';
import { CustomerEventsArgs, CustomerHistoryArgs } from './events.args.js';
import { loadHistory } from './load-history.js';
import { type StoredEvent } from './stored-event.js';

/** Fields that return the changes of customers. */
@Resolver(() => CustomerType)
export class EventsResolver {
  @RequiresScope('events:read')
  @Query(() => CustomerEventConnection, {
    description:
      "Returns the changes of the team's customers in the order of their transactions, oldest first. Poll with `endCursor` as `after` to get every change exactly once, including deletions. Events are kept for 90 days by default.",
  })
  customerEvents(
    @Ctx() context: CustomerContext,
    @Args(() => CustomerEventsArgs) args: CustomerEventsArgs,
  ): CustomerEventConnection {
    const checked = checkFeed(args);
    if ('errors' in checked) throw badUserInput(checked.errors);
    const { after, first } = checked;
    const types = checked.types.length > 0 ? checked.types : undefined;
    return new CustomerEventConnection(async () => {
      await context.heavyTurn.take();
      const { customers, response } = context;
      const query = { after: after ?? undefined, types, limit: first };
      const page = await customers.listEvents(callerOf(context).teamId, query, response.rowsLimit);
      if (!page) throw badUserInput([expired]);
      response.addRows(page.events);
      return sliceOf(page, ({ id }) => encodeEventCursor(id), after, page.endId);
    });
  }

  @RequiresScope('events:read')
  @Query(() => String, {
    nullable: true,
    description:
      "Returns the cursor of the team's last event, or `null` if it has none. To copy all customers and then follow their changes, read this first, then the customers, then `customerEvents` after this cursor.",
  })
  async lastCustomerEventCursor(@Ctx() context: CustomerContext): Promise<string | null> {
    await context.heavyTurn.take();
    const id = await context.customers.lastEvent(callerOf(context).teamId);
    return id === undefined ? null : encodeEventCursor(id);
  }

  @RequiresScope('events:read')
  @FieldResolver(() => CustomerEventConnection, {
    description: "Returns the customer's changes, latest first. Events are kept for 90 days by default.",
  })
  history(
    @Root() { uuid }: CustomerType,
    @Ctx() context: CustomerContext,
    @Args(() => CustomerHistoryArgs) args: CustomerHistoryArgs,
  ): CustomerEventConnection {
    const checked = checkHistory(args);
    if ('errors' in checked) throw badUserInput(checked.errors);
    const { after, first } = checked;
    return new CustomerEventConnection(async () => {
      const page = await loadHistory(context, { uuid, before: after, limit: first });
      return sliceOf(page, ({ version }) => encodeHistoryCursor(version), args.after ?? null);
    });
  }
}

const expired = {
  path: 'after',
  code: FieldErrorCode.EXPIRED_CURSOR,
  message: 'is the cursor of an event that is no longer kept: read all customers again',
};

function sliceOf(
  { events, hasNextPage }: { readonly events: readonly StoredEvent[]; readonly hasNextPage: boolean },
  cursorOf: (event: StoredEvent) => string,
  after: string | null,
  endId?: string,
): EventSlice {
  const edges = events.map((node) => ({ cursor: cursorOf(node), node }));
  return {
    edges,
    pageInfo: {
      hasNextPage,
      hasPreviousPage: after !== null,
      startCursor: edges.at(0)?.cursor ?? null,
      endCursor: endId === undefined ? (edges.at(-1)?.cursor ?? null) : encodeEventCursor(endId),
    },
  };
}
