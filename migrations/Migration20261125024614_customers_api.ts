import { Migration } from '@mikro-orm/migrations';

export class Migration20261125024614_customers_api extends Migration {
  override name = 'Migration20261125024614_customers_api';

  override up(): void | Promise<void> {
    // Both are trusted extensions: whoever may create tables in the database may create them.
    this.addSql(`create extension if not exists pg_trgm;`);
    this.addSql(`create extension if not exists btree_gin;`);

    this.addSql(
      `create table "idempotency_key" ("client_id" uuid not null, "team_id" uuid not null, "key" varchar(255) not null, "request_hash" bytea not null, "result" jsonb not null, "conflicts" jsonb not null, "created_at" timestamptz(3) not null default now(), primary key ("client_id", "team_id", "key"));`,
    );
    this.addSql(`create index "idempotency_key_created_at_index" on "idempotency_key" ("created_at");`);

    this.addSql(`drop index "customer_team_email_unique";`);
    this.addSql(
      `alter table "customer" add "external_id" varchar(255) null, add "notes" varchar(5000) null, add "tax_number" varchar(50) null, add "payment_term" varchar(100) null, add "metadata" jsonb not null default '{}', add "version" int not null default 1, add "deleted_at" timestamptz(3) null;`,
    );
    this.addSql(
      `create index "customer_search_index" on "customer" using gin ("team_id", (lower("name" || chr(31) || "email" || chr(31) || coalesce("main_phone", ''))) gin_trgm_ops);`,
    );
    this.addSql(
      `create index "customer_live_updated_at_index" on "customer" ("team_id", "updated_at", "id") where "deleted_at" is null;`,
    );
    this.addSql(
      `create index "customer_live_created_at_index" on "customer" ("team_id", "created_at", "id") where "deleted_at" is null;`,
    );
    this.addSql(
      `create index "customer_live_name_index" on "customer" ("team_id", lower("name"), "id") where "deleted_at" is null;`,
    );
    this.addSql(
      `create unique index "customer_live_external_id_unique" on "customer" ("team_id", "external_id") where "deleted_at" is null;`,
    );
    this.addSql(
      `create unique index "customer_live_email_unique" on "customer" ("team_id", lower("email")) where "deleted_at" is null;`,
    );
    this.addSql(`alter table "customer" add constraint "customer_version_positive" check (version > 0);`);
    this.addSql(
      `alter table "customer" add constraint "customer_metadata_entries" check (jsonb_typeof(metadata) = 'object' and jsonb_array_length(jsonb_path_query_array(metadata, '$.keyvalue()')) <= 50);`,
    );

    this.addSql(
      `alter table "idempotency_key" add constraint "idempotency_key_client_id_foreign" foreign key ("client_id") references "api_client" ("id") on delete cascade;`,
    );
    this.addSql(
      `alter table "idempotency_key" add constraint "idempotency_key_team_id_foreign" foreign key ("team_id") references "team" ("id") on delete cascade;`,
    );
    this.addSql(
      `alter table "idempotency_key" add constraint "idempotency_key_request_hash_length" check (octet_length(request_hash) = 32);`,
    );
  }

  override down(): void | Promise<void> {
    this.addSql(`drop table if exists "idempotency_key" cascade;`);

    this.addSql(`drop index "customer_search_index";`);
    this.addSql(`drop index "customer_live_updated_at_index";`);
    this.addSql(`drop index "customer_live_created_at_index";`);
    this.addSql(`drop index "customer_live_name_index";`);
    this.addSql(`drop index "customer_live_external_id_unique";`);
    this.addSql(`drop index "customer_live_email_unique";`);
    this.addSql(`alter table "customer" drop constraint "customer_version_positive";`);
    this.addSql(`alter table "customer" drop constraint "customer_metadata_entries";`);
    this.addSql(
      `alter table "customer" drop column "external_id", drop column "notes", drop column "tax_number", drop column "payment_term", drop column "metadata", drop column "version", drop column "deleted_at";`,
    );
    this.addSql(
      `create unique index "customer_team_email_unique" on "customer" ("team_id", lower("email"));`,
    );
  }
}
