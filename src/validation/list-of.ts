import { z } from 'zod';
import { FieldErrorCode } from './field-error-code.js';
import { report } from './text-rules.js';

/** A list of at most `max` items. Null, undefined and a list that is too long become an empty list for the following rules. */
export function listOf<Item extends z.ZodType>(item: Item, max: number) {
  return z
    .transform((list: readonly z.input<Item>[] | null | undefined, context) => {
      if (!list || list.length <= max) return list ?? [];
      report(context, tooMany(max));
      return [];
    })
    .pipe(z.array(item));
}

/** The error for a list that is too long. */
export function tooMany(max: number) {
  return { code: FieldErrorCode.TOO_MANY, message: `must have at most ${max} items` };
}

/** The error for an item that repeats an earlier one. */
export const duplicate = { code: FieldErrorCode.DUPLICATE, message: 'must be unique' };
