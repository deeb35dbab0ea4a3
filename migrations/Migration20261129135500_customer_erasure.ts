import { Migration } from '@mikro-orm/migrations';

/**
 * Adds what the erasure of customers stores. The rows of large tables are neither written nor read: the next migration checks the
 * constraint for these.
 */
export class Migration20261129135500_customer_erasure extends Migration {
  override name = 'Migration20261129135500_customer_erasure';

  override up(): void | Promise<void> {
    this.addSql(
      `create table "customer_erasure" ("customer_id" uuid not null, "team_id" uuid not null, "event_id" uuid not null, "erased_at" timestamptz(3) not null, "contacts" int not null, "events" int not null, "idempotency_keys" int not null, "client_id" uuid null, "token_id" uuid null, "request_id" uuid null, "command" text null, primary key ("customer_id"));`,
    );
    this.addSql(`create index "customer_erasure_team_id_index" on "customer_erasure" ("team_id");`);
    this.addSql(
      `alter table "customer_erasure" add constraint "customer_erasure_actor" check (num_nonnulls(request_id, command) = 1);`,
    );

    this.addSql(`alter table "customer" add "erased_at" timestamptz(3) null;`);
    this.addSql(
      `alter table "customer" add constraint "customer_erased_is_deleted" check (erased_at is null or deleted_at is not null) not valid;`,
    );
  }

  override down(): void | Promise<void> {
    this.addSql(`drop table if exists "customer_erasure" cascade;`);

    this.addSql(`alter table "customer" drop constraint "customer_erased_is_deleted";`);
    this.addSql(`alter table "customer" drop column "erased_at";`);
  }
}
