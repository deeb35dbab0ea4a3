import { Migration } from '@mikro-orm/migrations';

/** Secrets get a table of their own, so that a client can have two of them during a rotation. */
export class Migration20261125044014_client_secrets extends Migration {
  override name = 'Migration20261125044014_client_secrets';

  override up(): void | Promise<void> {
    this.addSql(
      `create table "client_secret" ("id" uuid not null, "client_id" uuid not null, "ciphertext" bytea not null, "key_id" varchar(16) not null, "created_at" timestamptz(3) not null default now(), "expires_at" timestamptz(3) null, primary key ("id"));`,
    );
    // Ciphertexts are bound to the client's id, which stays the same: nothing is encrypted again.
    this.addSql(
      `insert into "client_secret" ("id", "client_id", "ciphertext", "key_id", "created_at") select gen_random_uuid(), "id", "secret_ciphertext", "secret_key_id", "created_at" from "api_client";`,
    );
    this.addSql(`create index "client_secret_client_id_index" on "client_secret" ("client_id");`);
    this.addSql(
      `create unique index "client_secret_current_unique" on "client_secret" ("client_id") where "expires_at" is null;`,
    );
    this.addSql(
      `alter table "client_secret" add constraint "client_secret_client_id_foreign" foreign key ("client_id") references "api_client" ("id") on delete cascade;`,
    );

    this.addSql(`alter table "api_client" drop column "secret_ciphertext", drop column "secret_key_id";`);
  }

  override down(): void | Promise<void> {
    // A client that has lost its secrets keeps an empty one, which no key opens.
    this.addSql(
      `alter table "api_client" add "secret_ciphertext" bytea not null default '', add "secret_key_id" varchar(16) not null default '';`,
    );
    this.addSql(
      `update "api_client" set "secret_ciphertext" = "ciphertext", "secret_key_id" = "key_id" from (select distinct on ("client_id") * from "client_secret" order by "client_id", "expires_at" desc nulls first) as "newest" where "newest"."client_id" = "api_client"."id";`,
    );
    this.addSql(
      `alter table "api_client" alter column "secret_ciphertext" drop default, alter column "secret_key_id" drop default;`,
    );

    this.addSql(`drop table if exists "client_secret" cascade;`);
  }
}
