import { Migration } from '@mikro-orm/migrations';

export class Migration20261124014932_initial extends Migration {
  override name = 'Migration20261124014932_initial';

  override up(): void | Promise<void> {
    this.addSql(
      `create table "api_client" ("id" uuid not null, "name" varchar(255) not null, "secret_ciphertext" bytea not null, "secret_key_id" varchar(16) not null, "created_at" timestamptz(3) not null default now(), "revoked_at" timestamptz(3) null, primary key ("id"));`,
    );

    this.addSql(
      `create table "team" ("id" uuid not null, "name" varchar(255) not null, "created_at" timestamptz(3) not null default now(), primary key ("id"));`,
    );

    this.addSql(
      `create table "customer" ("id" uuid not null, "team_id" uuid not null, "name" varchar(255) not null, "email" varchar(255) not null, "main_phone" varchar(50) null, "website" varchar(255) null, "status" text not null default 'ACTIVE', "billing_street" varchar(255) null, "billing_city" varchar(255) null, "billing_state" varchar(255) null, "billing_zip_code" varchar(20) null, "billing_country" varchar(255) null, "shipping_street" varchar(255) null, "shipping_city" varchar(255) null, "shipping_state" varchar(255) null, "shipping_zip_code" varchar(20) null, "shipping_country" varchar(255) null, "created_at" timestamptz(3) not null default now(), "updated_at" timestamptz(3) not null default now(), primary key ("id"));`,
    );
    this.addSql(
      `create unique index "customer_team_email_unique" on "customer" ("team_id", lower("email"));`,
    );

    this.addSql(
      `create table "contact" ("id" uuid not null, "customer_id" uuid not null, "position" smallint not null, "first_name" varchar(255) null, "last_name" varchar(255) null, "email" varchar(255) null, "phone" varchar(50) null, "is_primary" boolean not null default false, primary key ("id"));`,
    );
    this.addSql(
      `create unique index "contact_one_primary_unique" on "contact" ("customer_id") where "is_primary";`,
    );
    this.addSql(
      `alter table "contact" add constraint "contact_customer_position_unique" unique ("customer_id", "position");`,
    );

    this.addSql(
      `create table "access_token" ("id" uuid not null, "client_id" uuid not null, "team_id" uuid not null, "hash" bytea not null, "created_at" timestamptz(3) not null default now(), "expires_at" timestamptz(3) not null, "revoked_at" timestamptz(3) null, primary key ("id"));`,
    );
    this.addSql(`create index "access_token_client_id_index" on "access_token" ("client_id");`);
    this.addSql(`create index "access_token_team_id_index" on "access_token" ("team_id");`);
    this.addSql(`alter table "access_token" add constraint "access_token_hash_unique" unique ("hash");`);

    this.addSql(
      `alter table "customer" add constraint "customer_team_id_foreign" foreign key ("team_id") references "team" ("id");`,
    );
    this.addSql(
      `alter table "customer" add constraint "customer_email_not_blank" check (btrim(email) <> '');`,
    );
    this.addSql(`alter table "customer" add constraint "customer_name_not_blank" check (btrim(name) <> '');`);
    this.addSql(
      `alter table "customer" add constraint "customer_status_check" check ("status" in ('ACTIVE', 'INACTIVE'));`,
    );

    this.addSql(
      `alter table "contact" add constraint "contact_customer_id_foreign" foreign key ("customer_id") references "customer" ("id") on delete cascade;`,
    );
    this.addSql(
      `alter table "contact" add constraint "contact_position_range" check (position >= 0 and position < 50);`,
    );

    this.addSql(
      `alter table "access_token" add constraint "access_token_client_id_foreign" foreign key ("client_id") references "api_client" ("id") on delete cascade;`,
    );
    this.addSql(
      `alter table "access_token" add constraint "access_token_team_id_foreign" foreign key ("team_id") references "team" ("id") on delete cascade;`,
    );
    this.addSql(
      `alter table "access_token" add constraint "access_token_hash_length" check (octet_length(hash) = 32);`,
    );
  }

  override down(): void | Promise<void> {
    this.addSql(`alter table "access_token" drop constraint "access_token_client_id_foreign";`);
    this.addSql(`alter table "customer" drop constraint "customer_team_id_foreign";`);
    this.addSql(`alter table "access_token" drop constraint "access_token_team_id_foreign";`);
    this.addSql(`alter table "contact" drop constraint "contact_customer_id_foreign";`);

    this.addSql(`drop table if exists "api_client" cascade;`);
    this.addSql(`drop table if exists "team" cascade;`);
    this.addSql(`drop table if exists "customer" cascade;`);
    this.addSql(`drop table if exists "contact" cascade;`);
    this.addSql(`drop table if exists "access_token" cascade;`);
  }
}
