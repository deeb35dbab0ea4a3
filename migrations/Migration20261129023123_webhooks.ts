import { Migration } from '@mikro-orm/migrations';

/**
 * One job for the new events of a statement that an endpoint receives. The job is added by the transaction of the events, so neither
 * exists without the other.
 */
const QUEUE_DELIVERIES = `
create function "queue_webhook_deliveries"() returns trigger language plpgsql as $$
declare
  events json;
begin
  select json_agg(new_event.id) into events
  from new_event
  where exists (
    select from webhook_endpoint
    where team_id = new_event.team_id and deleted_at is null and status <> 'DISABLED'
      and (types is null or new_event.type = any(types))
  );
  if events is not null then
    perform graphile_worker.add_job('create-webhook-deliveries', json_build_object('events', events));
  end if;
  return null;
end
$$;`;

/** Adds webhooks. Needs the schema of graphile-worker, which is migrated first. */
export class Migration20261129023123_webhooks extends Migration {
  override name = 'Migration20261129023123_webhooks';

  override up(): void | Promise<void> {
    this.addSql(
      `create table "webhook_endpoint" ("id" uuid not null, "team_id" uuid not null, "client_id" uuid not null, "token_id" uuid null, "url" varchar(2048) not null, "types" text[] null, "description" varchar(255) null, "status" text not null default 'ENABLED', "disabled_reason" text null, "failing_since" timestamptz(3) null, "failed_runs" int not null default 0, "resume_at" timestamptz(3) null, "sending_by" uuid null, "sending_until" timestamptz(3) null, "created_at" timestamptz(3) not null default now(), "updated_at" timestamptz(3) not null default now(), "deleted_at" timestamptz(3) null, primary key ("id"));`,
    );
    this.addSql(`create index "webhook_endpoint_token_id_index" on "webhook_endpoint" ("token_id");`);
    this.addSql(
      `create index "webhook_endpoint_client_index" on "webhook_endpoint" ("client_id", "team_id");`,
    );
    this.addSql(
      `create index "webhook_endpoint_open_index" on "webhook_endpoint" ("team_id") where "deleted_at" is null and "status" <> 'DISABLED';`,
    );

    this.addSql(
      `create table "webhook_delivery" ("id" uuid not null default (encode(set_bit(set_bit(OVERLAY(uuid_send(gen_random_uuid()) PLACING SUBSTRING(int8send((floor((EXTRACT(epoch FROM clock_timestamp()) * (1000)::numeric)))::bigint) FROM 3) FROM 1 FOR 6), (52)::bigint, 1), (53)::bigint, 1), 'hex'::text))::uuid, "endpoint_id" uuid not null, "event_id" uuid null, "status" text not null default 'PENDING', "attempts" jsonb not null default '[]', "failed_attempts" int not null default 0, "next_attempt_at" timestamptz(3) null, "started_at" timestamptz(3) not null default now(), "created_at" timestamptz(3) not null default now(), primary key ("id"));`,
    );
    this.addSql(`create index "webhook_delivery_list_index" on "webhook_delivery" ("endpoint_id", "id");`);
    this.addSql(
      `create index "webhook_delivery_failed_index" on "webhook_delivery" ("endpoint_id", "id") where "status" = 'FAILED';`,
    );
    this.addSql(
      `create index "webhook_delivery_due_index" on "webhook_delivery" ("endpoint_id", "next_attempt_at", "id") where "status" = 'PENDING';`,
    );
    this.addSql(
      `alter table "webhook_delivery" add constraint "webhook_delivery_event_unique" unique ("endpoint_id", "event_id");`,
    );

    this.addSql(
      `create table "webhook_secret" ("id" uuid not null, "endpoint_id" uuid not null, "ciphertext" bytea not null, "key_id" varchar(16) not null, "created_at" timestamptz(3) not null default now(), "expires_at" timestamptz(3) null, primary key ("id"));`,
    );
    this.addSql(`create index "webhook_secret_endpoint_id_index" on "webhook_secret" ("endpoint_id");`);
    this.addSql(
      `create unique index "webhook_secret_current_unique" on "webhook_secret" ("endpoint_id") where "expires_at" is null;`,
    );

    this.addSql(QUEUE_DELIVERIES);
    this.addSql(
      `create trigger "customer_event_queue_deliveries" after insert on "customer_event" referencing new table as new_event for each statement execute function queue_webhook_deliveries();`,
    );

    this.addSql(
      `alter table "webhook_endpoint" add constraint "webhook_endpoint_team_id_foreign" foreign key ("team_id") references "team" ("id") on delete cascade;`,
    );
    this.addSql(
      `alter table "webhook_endpoint" add constraint "webhook_endpoint_client_id_foreign" foreign key ("client_id") references "api_client" ("id") on delete cascade;`,
    );
    this.addSql(
      `alter table "webhook_endpoint" add constraint "webhook_endpoint_token_id_foreign" foreign key ("token_id") references "access_token" ("id") on delete cascade;`,
    );
    this.addSql(
      `alter table "webhook_endpoint" add constraint "webhook_endpoint_disabled" check (("status" = 'DISABLED') = ("disabled_reason" is not null));`,
    );
    this.addSql(
      `alter table "webhook_endpoint" add constraint "webhook_endpoint_status_check" check ("status" in ('ENABLED', 'PAUSED', 'DISABLED'));`,
    );
    this.addSql(
      `alter table "webhook_endpoint" add constraint "webhook_endpoint_disabled_reason_check" check ("disabled_reason" in ('GONE', 'FAILING', 'ACCESS_ENDED', 'OPERATOR'));`,
    );

    this.addSql(
      `alter table "webhook_delivery" add constraint "webhook_delivery_endpoint_id_foreign" foreign key ("endpoint_id") references "webhook_endpoint" ("id") on delete cascade;`,
    );
    this.addSql(
      `alter table "webhook_delivery" add constraint "webhook_delivery_status_check" check ("status" in ('PENDING', 'SUCCEEDED', 'FAILED', 'CANCELED'));`,
    );

    this.addSql(
      `alter table "webhook_secret" add constraint "webhook_secret_endpoint_id_foreign" foreign key ("endpoint_id") references "webhook_endpoint" ("id") on delete cascade;`,
    );
  }

  override down(): void | Promise<void> {
    this.addSql(`drop trigger if exists "customer_event_queue_deliveries" on "customer_event";`);
    this.addSql(`drop function if exists "queue_webhook_deliveries"();`);
    this.addSql(`drop table if exists "webhook_delivery" cascade;`);
    this.addSql(`drop table if exists "webhook_secret" cascade;`);
    this.addSql(`drop table if exists "webhook_endpoint" cascade;`);
  }
}
