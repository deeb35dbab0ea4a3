import { z } from 'zod';
import { FieldErrorCode } from '../../validation/field-error-code.js';
import { type Checked, fieldErrors } from '../../validation/field-errors.js';
import { listOf } from '../../validation/list-of.js';
import { numberWithin } from '../../validation/number-within.js';
import { report } from '../../validation/text-rules.js';
import { limits } from '../limits.js';
import { decodeEventCursor, decodeHistoryCursor } from './event-cursor.js';
import { CustomerEventType, EVENT_TYPES } from './event-type.js';
import { type CustomerEventsArgs, type CustomerHistoryArgs } from './events.args.js';

/** Larger than every version of a customer but one. */
const END = 2_147_483_647;

const first = numberWithin(1, limits.pageSize, limits.defaultPageSize);
const feedRules = z.object({
  first,
  after: cursor(decodeEventCursor, null),
  types: listOf(z.enum(CustomerEventType), EVENT_TYPES),
});
const historyRules = z.object({ first, after: cursor(decodeHistoryCursor, END) });

/** Checks the arguments of `customerEvents`. `after` is the ID of an event, or null. An empty list of types means all. */
export function checkFeed(args: CustomerEventsArgs): Checked<z.output<typeof feedRules>> {
  const parsed = feedRules.safeParse(args);
  return parsed.success ? parsed.data : { errors: fieldErrors(parsed.error) };
}

/** Checks the arguments of `history`. `after` is a version; those before it are read. */
export function checkHistory(args: CustomerHistoryArgs): Checked<z.output<typeof historyRules>> {
  const parsed = historyRules.safeParse(args);
  return parsed.success ? parsed.data : { errors: fieldErrors(parsed.error) };
}

/** A cursor, read by `decode`. Without one it is `start`. */
export function cursor<Position, Start>(decode: (text: string) => Position | undefined, start: Start) {
  return z.transform((text: string | null | undefined, context): Position | Start => {
    if (typeof text !== 'string') return start;
    const position = decode(text);
    if (position !== undefined) return position;
    report(context, {
      code: FieldErrorCode.INVALID_CURSOR,
      message: 'must be a cursor returned by this list',
    });
    return z.NEVER;
  });
}
