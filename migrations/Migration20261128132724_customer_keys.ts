import { Migration } from '@mikro-orm/migrations';
import { fillKeys } from '../src/customers/fill-keys.js';

/**
 * Adds the texts by which customers are compared, ordered and searched, and computes them for the customers that there are.
 * It commits after each batch of rows, and continues there after a crash.
 */
export class Migration20261128132724_customer_keys extends Migration {
  override name = 'Migration20261128132724_customer_keys';

  override isTransactional(): boolean {
    return false;
  }

  override async up(): Promise<void> {
    await this.execute(
      `alter table "customer" add column if not exists "email_key" varchar(765) collate "C" null, add column if not exists "name_key" varchar(765) collate "C" null, add column if not exists "search_text" varchar(1743) collate "C" null;`,
    );
    // Until the next migration requires the keys, whoever changes what they are computed from removes them.
    await this.execute(
      `create or replace function "remove_customer_keys"() returns trigger language plpgsql as $$ begin new."email_key" := null; new."name_key" := null; new."search_text" := null; return new; end $$;`,
    );
    await this.execute(
      `create or replace trigger "customer_remove_keys" before update of "name", "email", "main_phone" on "customer" for each row execute function "remove_customer_keys"();`,
    );
    // Each updated row would be added to this one, which takes longer than everything else.
    await this.execute(`drop index if exists "customer_search_index";`);
    await fillKeys((sql, params) => this.execute(sql, params));
  }

  override down(): void | Promise<void> {
    this.addSql(
      `create index "customer_search_index" on "customer" using gin ("team_id", (lower("name" || chr(31) || "email" || chr(31) || coalesce("main_phone", ''))) gin_trgm_ops);`,
    );
    this.addSql(`drop trigger "customer_remove_keys" on "customer";`);
    this.addSql(`drop function "remove_customer_keys"();`);
    this.addSql(
      `alter table "customer" drop column "email_key", drop column "name_key", drop column "search_text";`,
    );
  }
}
