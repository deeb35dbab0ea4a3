import { type MikroORM } from '@mikro-orm/postgresql';
import { names } from '../../database/names.js';
import { type Statement } from '../../database/statement.js';
import { ownContactColumns } from '../columns.js';
import { Contact } from '../contact.entity.js';
import { eventBytes, eventSelectList } from '../events/stored-event.js';
import { customerSelectList, selectedBytes } from '../select-customer.js';

/**
 * Gives the customers of a team with one of `:'uuids'`, or only one of them, with `isCut`, if the notes, metadata and contacts of all
 * have more than `:'maxBytes'`.
 */
export function findManyCustomersStatement(orm: MikroORM): Statement {
  const found = `
        select ${customerSelectList(orm, 'customer')} from customer
        where team_id = :'teamId'::uuid and id = any(:'uuids'::uuid[]) and deleted_at is null`;
  return { name: 'find-many-customers', text: withinBytes(found, selectedBytes) };
}

/** As {@link findManyCustomersStatement}, for events. */
export function findManyEventsStatement(orm: MikroORM): Statement {
  const found = `
        select ${eventSelectList(orm, 'customer_event')} from customer_event
        where team_id = :'teamId'::uuid and id = any(:'uuids'::uuid[])`;
  return { name: 'find-many-events', text: withinBytes(found, eventBytes) };
}

/** Gives the contacts with one of `:'uuids'` whose customer is in the team and not deleted. */
export function findManyContactsStatement(orm: MikroORM): Statement {
  const contact = names(orm, Contact);
  const columns = ownContactColumns.map(
    ([property]) => `contact.${contact.column(property)} as "${property}"`,
  );
  return {
    name: 'find-many-contacts',
    text: `
    select ${columns.join(', ')} from contact join customer on customer.id = contact.customer_id
    where contact.id = any(:'uuids'::uuid[]) and team_id = :'teamId'::uuid and deleted_at is null`,
  };
}

/** SQL: the rows of `found`, or only one, with `isCut`, if all have more bytes than `:'maxBytes'`. */
function withinBytes(found: string, bytes: string): string {
  return `
    select * from (
      select *, sum(${bytes}) over () > :'maxBytes'::bigint as "isCut", row_number() over () as "place"
      from (${found}
        offset 0
      ) as found
    ) as measured
    where not "isCut" or "place" = 1`;
}
