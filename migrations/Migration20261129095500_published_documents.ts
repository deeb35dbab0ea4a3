import { Migration } from '@mikro-orm/migrations';

/** Documents that a client may execute by their IDs, and whether it may send others. */
export class Migration20261129095500_published_documents extends Migration {
  override name = 'Migration20261129095500_published_documents';

  override up(): void | Promise<void> {
    this.addSql(
      `create table "published_document" ("client_id" uuid not null, "id" varchar(128) not null, "source" text not null, "hash" bytea not null, "operation_names" text[] not null, "published_at" timestamptz(3) not null default now(), primary key ("client_id", "id"));`,
    );

    this.addSql(
      `alter table "api_client" add "document_policy" text not null default 'ANY', add "documents_version" uuid null;`,
    );
    this.addSql(
      `alter table "api_client" add constraint "api_client_document_policy_check" check ("document_policy" in ('ANY', 'PUBLISHED'));`,
    );

    this.addSql(
      `alter table "published_document" add constraint "published_document_client_id_foreign" foreign key ("client_id") references "api_client" ("id") on delete cascade;`,
    );
    this.addSql(
      `alter table "published_document" add constraint "published_document_hash_length" check (octet_length(hash) = 32);`,
    );
  }

  override down(): void | Promise<void> {
    this.addSql(`drop table if exists "published_document" cascade;`);

    this.addSql(`alter table "api_client" drop constraint "api_client_document_policy_check";`);
    this.addSql(`alter table "api_client" drop column "document_policy", drop column "documents_version";`);
  }
}
