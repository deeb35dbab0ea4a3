import { type Statement } from '../../database/statement.js';

/** Customers that one statement gives. */
export const BATCH = 100;

/**
 * Gives the next customers of a team that are not erased, live or deleted, in the order of an index: those after the time `:'at'` and the ID
 * `:'after'`.
 */
function teamCustomers(isDeleted: boolean): Statement {
  const time = isDeleted ? 'updated_at' : 'created_at';
  return {
    text: `
    select id as "uuid", ${time} as "at" from customer
    where team_id = :'teamId'::uuid and ${isDeleted ? 'deleted_at is not null and erased_at is null' : 'deleted_at is null'}
      and (${time}, id) > (:'at'::timestamptz, :'after'::uuid)
    order by ${time}, id limit ${BATCH}`,
  };
}

/** Customers that are not deleted. */
export const liveCustomersStatement = teamCustomers(false);

/** Customers that are deleted and not erased. */
export const deletedCustomersStatement = teamCustomers(true);

/** Gives the number of customers of a team that are not erased. */
export const countErasableStatement: Statement = {
  text: `
    select (
      select count(*) from customer where team_id = :'teamId'::uuid and deleted_at is null
    )::int + (
      select count(*) from customer where team_id = :'teamId'::uuid and deleted_at is not null and erased_at is null
    )::int as "count"`,
};

/** Gives the sums of the receipts of a team. */
export const sumReceiptsStatement: Statement = {
  text: `
    select count(*)::int as "customers", coalesce(sum(contacts), 0)::int as "contacts", coalesce(sum(events), 0)::int as "events",
      coalesce(sum(idempotency_keys), 0)::int as "idempotencyKeys", min(erased_at) as "firstErasedAt", max(erased_at) as "lastErasedAt"
    from customer_erasure where team_id = :'teamId'::uuid`,
};

/** Gives the team of a customer, deleted, erased or not. */
export const teamOfCustomerStatement: Statement = {
  text: `select team_id as "teamId" from customer where id = :'uuid'::uuid`,
};
