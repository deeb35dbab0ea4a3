import { Migration } from '@mikro-orm/migrations';
import { fillKeys, refuseEqualEmails } from '../src/customers/fill-keys.js';

/** Requires the texts that the migration before added, and builds the indexes over them. */
export class Migration20261128132725_customer_keys_required extends Migration {
  override name = 'Migration20261128132725_customer_keys_required';

  override async up(): Promise<void> {
    await this.execute(`lock table "customer" in share row exclusive mode;`);
    // What was written since, by a gateway of the version before or by hand.
    await fillKeys((sql, params) => this.execute(sql, params));
    await refuseEqualEmails((sql, params) => this.execute(sql, params));

    this.addSql(
      `create unique index "customer_live_email_key_unique" on "customer" ("team_id", "email_key") include ("id") where "deleted_at" is null;`,
    );
    this.addSql(
      `create index "customer_live_name_key_index" on "customer" ("team_id", "name_key", "id") include ("search_text", "status", "created_at", "updated_at") where "deleted_at" is null;`,
    );
    this.addSql(
      `create index "customer_search_index" on "customer" using gin ("team_id", "search_text" gin_trgm_ops) where "deleted_at" is null;`,
    );
    // Reads wait from here on only.
    this.addSql(`drop index "customer_live_email_unique", "customer_live_name_index";`);
    this.addSql(`drop trigger "customer_remove_keys" on "customer";`);
    this.addSql(`drop function "remove_customer_keys"();`);
    this.addSql(
      `alter table "customer" alter column "email_key" set not null, alter column "name_key" set not null, alter column "search_text" set not null;`,
    );
    this.addSql(`analyze "customer";`);
  }

  override down(): void | Promise<void> {
    this.addSql(
      `alter table "customer" alter column "email_key" drop not null, alter column "name_key" drop not null, alter column "search_text" drop not null;`,
    );
    this.addSql(
      `create function "remove_customer_keys"() returns trigger language plpgsql as $$ begin new."email_key" := null; new."name_key" := null; new."search_text" := null; return new; end $$;`,
    );
    this.addSql(
      `create trigger "customer_remove_keys" before update of "name", "email", "main_phone" on "customer" for each row execute function "remove_customer_keys"();`,
    );
    this.addSql(
      `drop index "customer_search_index", "customer_live_name_key_index", "customer_live_email_key_unique";`,
    );
    this.addSql(
      `create index "customer_live_name_index" on "customer" ("team_id", lower("name"), "id") where "deleted_at" is null;`,
    );
    this.addSql(
      `create unique index "customer_live_email_unique" on "customer" ("team_id", lower("email")) where "deleted_at" is null;`,
    );
  }
}
