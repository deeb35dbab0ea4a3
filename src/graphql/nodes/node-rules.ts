import { z } from 'zod';
import { type Checked, fieldErrors } from '../../validation/field-errors.js';
import { listOf } from '../../validation/list-of.js';

/** IDs of one `nodes`. */
export const MAX_IDS = 100;

const rules = z.object({ ids: listOf(z.string(), MAX_IDS) });

/** Checks the arguments of `nodes`. */
export function checkIds(ids: readonly string[]): Checked<z.output<typeof rules>> {
  const parsed = rules.safeParse({ ids });
  return parsed.success ? parsed.data : { errors: fieldErrors(parsed.error) };
}
