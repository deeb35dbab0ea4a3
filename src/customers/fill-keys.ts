import { z } from 'zod';
import { StartError } from '../errors/start-error.js';
import { emailKey, nameKey, searchText } from './text-keys.js';

/** Rows that one statement fills: a fraction of a second of work, and of locks on rows. */
const BATCH = 1_000;

/** Pairs of customers that an error names. */
const NAMED = 5;

/** Runs a statement of a migration. */
type Execute = (sql: string, params?: unknown[]) => Promise<unknown[]>;

const unfilled = z.array(
  z.object({ id: z.string(), name: z.string(), email: z.string(), phone: z.string().nullable() }),
);
const equalEmails = z.array(z.object({ team: z.string(), customers: z.string() }));

/**
 * Computes the keys of all customers that have none, batch by batch. Filled rows stay filled, so it continues where an earlier
 * call was killed. A row that is updated concurrently is left for the next call.
 *
 * For migrations, so it names columns as they were then.
 */
export async function fillKeys(execute: Execute): Promise<void> {
  let after: string | undefined = '00000000-0000-0000-0000-000000000000';
  while (after !== undefined) {
    const rows = unfilled.parse(
      await execute(
        `select "id", "name", "email", "main_phone" as "phone" from "customer"
         where "name_key" is null and "id" > ? order by "id" limit ${BATCH}`,
        [after],
      ),
    );
    const filled = rows.map((row) => ({
      ...row,
      emailKey: emailKey(row.email),
      nameKey: nameKey(row.name),
      searchText: searchText({ customer: row.name, email: row.email, mainPhone: row.phone }),
    }));
    await execute(
      `update "customer" set "email_key" = given."emailKey", "name_key" = given."nameKey", "search_text" = given."searchText"
       from json_to_recordset(?) as given
         ("id" uuid, "name" text, "email" text, "phone" text, "emailKey" text, "nameKey" text, "searchText" text)
       where "customer"."id" = given."id" and "customer"."name" = given."name" and "customer"."email" = given."email"
         and "main_phone" is not distinct from given."phone"`,
      [JSON.stringify(filled)],
    );
    after = rows.at(-1)?.id;
  }
}

/**
 * Finds customers of a team whose different emails have the same key. An earlier version could store them.
 *
 * @throws {StartError} when there are any. An operator has to decide: both may have been used since.
 */
export async function refuseEqualEmails(execute: Execute): Promise<void> {
  const groups = equalEmails.parse(
    await execute(
      `select "team_id" as "team", string_agg("id"::text, ', ' order by "created_at", "id") as "customers"
       from "customer" where "deleted_at" is null
       group by "team_id", "email_key" having count(*) > 1 order by 1, 2 limit ${NAMED + 1}`,
    ),
  );
  if (groups.length === 0) return;
  const named = groups.slice(0, NAMED).map(({ team, customers }) => `${customers} of team ${team}`);
  const more = groups.length > NAMED ? '; and more' : '';
  throw new StartError(
    `Customers of one team have the same email without regard to case (${named.join('; ')}${more}): change the email, or set deleted_at, of all but one of them in the table customer, then start again.`,
  );
}
