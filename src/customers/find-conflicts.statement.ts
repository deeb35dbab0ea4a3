import { type Column, records } from '../database/records.js';
import { type Statement } from '../database/statement.js';
import { type UniqueValues } from './find-conflicts.js';
import { emailKey } from './text-keys.js';

/** The rows of `:'claims'`. */
export const claimColumns: readonly Column<UniqueValues>[] = [
  ['uuid', 'uuid', (claims) => claims.uuid],
  ['emailKey', 'text', (claims) => emailKey(claims.email)],
  ['externalId', 'text', (claims) => claims.externalId],
];

/** SQL: whether another customer of the team `:'teamId'` has the email of the row `given`. */
export const emailIsTaken = `exists (
    select from customer as holder
    where holder.team_id = :'teamId'::uuid and holder.email_key = given."emailKey"
      and holder.deleted_at is null and holder.id <> given."uuid")`;

/** SQL: whether another customer of the team `:'teamId'` has the external ID of the row `given`. */
export const externalIdIsTaken = `exists (
    select from customer as holder
    where holder.team_id = :'teamId'::uuid and holder.external_id = given."externalId"
      and holder.deleted_at is null and holder.id <> given."uuid")`;

/** Gives a row for each of the claims, with the conflict or null. */
export const findConflictsStatement: Statement = {
  name: 'find-conflicts',
  text: `
    select "uuid", case
      when ${emailIsTaken} then 'EMAIL_EXISTS'
      when ${externalIdIsTaken} then 'EXTERNAL_ID_EXISTS'
    end as "code"
    from ${records(claimColumns, 'given', `:'claims'::json`)}`,
};
