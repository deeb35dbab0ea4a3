import { z } from 'zod';
import { FieldErrorCode } from './field-error-code.js';
import { report } from './text-rules.js';

/** A list of at most `max` items; null, nothing and, for the rules that come after, one that is too long are the empty one. */
export function listOf<Item extends z.ZodType>(item: Item, max: number) {
  return z
    .transform((list: readonly z.input<Item>[] | null | undefined, context) => {
      if (!list || list.length <= max) return list ?? [];
      report(context, tooMany(max));
      return [];
    })
    .pipe(z.array(item));
}

/** What is wrong with a list that is too long. */
export function tooMany(max: number) {
  return { code: FieldErrorCode.TOO_MANY, message: `must have at most ${max} items` };
}

/** What is wrong with an item that stood before. */
export const duplicate = { code: FieldErrorCode.DUPLICATE, message: 'must be unique' };
