import { type Statement } from '../../database/statement.js';

/** The optional condition of {@link lockErasureStatement}. */
interface LockForm {
  /** Whether only a customer is locked that was deleted more than `:'days'` ago, and that no other transaction has locked. */
  readonly isExpired: boolean;
}

const expired = `
        and deleted_at < now() - make_interval(days => :'days'::int) and erased_at is null`;

/**
 * Locks the customer to erase, deleted or not. Other requests that change it wait, and then find it erased. Without a row there is none.
 * `keys` are the idempotency keys of the calls that created customers of the team at the same time; `isOwn` is known for keys of gateways
 * before `seed`.
 */
export function lockErasureStatement({ isExpired }: LockForm): Statement {
  const text = `
    with locked as (
      select id, team_id, created_at, erased_at from customer
      where team_id = :'teamId'::uuid and id = :'uuid'::uuid${isExpired ? expired : ''}
      for update${isExpired ? ' skip locked' : ''}
    )
    select erased_at is not null as "isErased", (
      select coalesce(json_agg(json_build_object(
        'clientId', client_id, 'key', key, 'seed', seed, 'rows', length(outcomes),
        'isOwn', result @> jsonb_build_array(jsonb_build_object('draft', jsonb_build_object('uuid', locked.id)))
      )), '[]')
      from idempotency_key where team_id = locked.team_id and created_at = locked.created_at
    ) as keys
    from locked`;
  return { name: isExpired ? 'lock-expired-customer' : 'lock-erasure', text };
}
