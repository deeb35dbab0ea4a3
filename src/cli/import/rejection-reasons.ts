import { z } from 'zod';
import { type RowProblem } from '../../customers/csv/row-note.js';

/** Maximum different reasons that are counted apart. */
const MAX_REASONS = 20;

const reason = z.object({ path: z.string(), code: z.string(), rows: z.int() });

/** Why rows were rejected. A row with several problems counts for each of them. */
export const rejectionReasons = z.object({
  /** In the order in which they were first met. */
  reasons: z.array(reason).max(MAX_REASONS).default([]),
  /** Problems with other reasons than those. */
  otherReasons: z.int().default(0),
});

export type RejectionReasons = z.output<typeof rejectionReasons>;

/** Adds the problems of rejected rows to the counts. */
export function addReasons(
  { reasons, otherReasons }: RejectionReasons,
  problems: readonly RowProblem[],
): RejectionReasons {
  const counts = new Map(reasons.map((known) => [keyOf(known), known]));
  let others = otherReasons;
  for (const { path, code } of problems) {
    const key = keyOf({ path, code });
    const known = counts.get(key);
    if (known || counts.size < MAX_REASONS) counts.set(key, { path, code, rows: (known?.rows ?? 0) + 1 });
    else others += 1;
  }
  return { reasons: [...counts.values()], otherReasons: others };
}

function keyOf({ path, code }: { readonly path: string; readonly code: string }): string {
  return `${code} ${path}`;
}
