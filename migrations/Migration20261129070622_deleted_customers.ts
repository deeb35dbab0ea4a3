import { Migration } from '@mikro-orm/migrations';

/** Adds the index of deleted customers by the time of deletion. */
export class Migration20261129070622_deleted_customers extends Migration {
  override name = 'Migration20261129070622_deleted_customers';

  override up(): void | Promise<void> {
    this.addSql(
      `create index "customer_deleted_updated_at_index" on "customer" ("team_id", "updated_at", "id") where "deleted_at" is not null;`,
    );
  }

  override down(): void | Promise<void> {
    this.addSql(`drop index "customer_deleted_updated_at_index";`);
  }
}
