import { Migration } from '@mikro-orm/migrations';

/**
 * Adds the events of customers. The default of the new column is stable, so PostgreSQL adds it without writing the rows again.
 */
export class Migration20261128232350_customer_events extends Migration {
  override name = 'Migration20261128232350_customer_events';

  override up(): void | Promise<void> {
    this.addSql(
      `create table "customer_event" ("id" uuid not null default (encode(set_bit(set_bit(OVERLAY(uuid_send(gen_random_uuid()) PLACING SUBSTRING(int8send((floor((EXTRACT(epoch FROM clock_timestamp()) * (1000)::numeric)))::bigint) FROM 3) FROM 1 FOR 6), (52)::bigint, 1), (53)::bigint, 1), 'hex'::text))::uuid, "team_id" uuid not null, "customer_id" uuid not null, "type" text not null, "version" int not null, "transaction" bigint not null, "occurred_at" timestamptz(3) not null default now(), "customer" json not null, "previous" json null, "client_id" uuid null, "token_id" uuid null, "request_id" uuid null, "command" text null, primary key ("id"));`,
    );
    this.addSql(
      `create index "customer_event_history_index" on "customer_event" ("customer_id", "version");`,
    );
    this.addSql(
      `create index "customer_event_feed_index" on "customer_event" ("team_id", "transaction", "id");`,
    );

    this.addSql(
      `alter table "customer" add "transaction" bigint not null default ((pg_current_xact_id())::text)::bigint;`,
    );

    this.addSql(
      `alter table "customer_event" add constraint "customer_event_actor" check (num_nonnulls(request_id, command) = 1);`,
    );
    this.addSql(
      `alter table "customer_event" add constraint "customer_event_type_check" check ("type" in ('CREATED', 'UPDATED', 'DELETED', 'RESTORED'));`,
    );
  }

  override down(): void | Promise<void> {
    this.addSql(`drop table if exists "customer_event" cascade;`);

    this.addSql(`alter table "customer" drop column "transaction";`);
  }
}
