import { Migration } from '@mikro-orm/migrations';

/** Replaces the time and the role of a statement by those of PostgreSQL. */
const STAMP = `
create function "stamp_audit_entry"() returns trigger language plpgsql as $$
begin
  new.created_at := now();
  new.database_role := session_user;
  return new;
end
$$;`;

const REFUSE = `
create function "refuse_audit_change"() returns trigger language plpgsql as $$
begin
  raise exception 'The audit log is append-only' using errcode = 'insufficient_privilege';
end
$$;`;

/**
 * Default privileges of the owner give the gateway's role all rows of new tables. Roles other than the owner may only add and read
 * entries.
 */
const REVOKE = `
do $$
declare
  other text;
begin
  for other in
    select distinct case when grantee = 0 then 'public' else quote_ident(pg_get_userbyid(grantee)) end
    from pg_class, aclexplode(relacl)
    where pg_class.oid = 'audit_entry'::regclass and grantee <> relowner
  loop
    execute 'revoke update, delete, truncate, references, trigger on audit_entry from ' || other;
  end loop;
end
$$;`;

/** Adds the audit log of operators, to which entries can only be added. */
export class Migration20261129135000_audit_log extends Migration {
  override name = 'Migration20261129135000_audit_log';

  override up(): void | Promise<void> {
    this.addSql(
      `create table "audit_entry" ("id" uuid not null, "created_at" timestamptz(3) not null default now(), "database_role" text not null default session_user, "operator" varchar(255) not null, "account" varchar(255) not null, "host" varchar(255) not null, "client_address" varchar(64) null, "pid" int not null, "version" varchar(64) not null, "action" varchar(64) not null, "team_id" uuid null, "client_id" uuid null, "details" jsonb not null, primary key ("id"));`,
    );
    this.addSql(`create index "audit_entry_time_index" on "audit_entry" ("created_at", "id");`);

    this.addSql(STAMP);
    this.addSql(REFUSE);
    this.addSql(
      `create trigger "audit_entry_append_only" before update or delete or truncate on "audit_entry" for each statement execute function refuse_audit_change();`,
    );
    this.addSql(
      `create trigger "audit_entry_insert" before insert on "audit_entry" for each row execute function stamp_audit_entry();`,
    );
    this.addSql(REVOKE);
  }

  override down(): void | Promise<void> {
    this.addSql(`drop table if exists "audit_entry" cascade;`);
    this.addSql(`drop function if exists "stamp_audit_entry"();`);
    this.addSql(`drop function if exists "refuse_audit_change"();`);
  }
}
