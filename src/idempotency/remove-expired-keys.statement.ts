import { type Statement } from '../database/statement.js';

/** How long a key is kept at least, in hours. It may live on until the next sweep. */
const KEPT_HOURS = 24;

/**
 * Keys removed by one statement: few enough for its deadline, even if each is a key of the release before with a result of
 * 1 MB.
 */
export const BATCH = 200;

/** Skips rows that another gateway is removing. */
export const removeExpiredKeysStatement: Statement = {
  text: `
    delete from idempotency_key where ctid in (
      select ctid from idempotency_key
      where created_at < now() - make_interval(hours => ${KEPT_HOURS})
      limit ${BATCH} for update skip locked
    )`,
};
