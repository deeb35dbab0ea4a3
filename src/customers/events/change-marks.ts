/** SQL: the assignments that mark every change of a row of `customer`. */
export const changeMarks = (alias: string): string =>
  `version = ${alias}.version + 1, updated_at = now(),
        transaction = greatest(${alias}.transaction + 1, pg_current_xact_id()::text::bigint)`;
