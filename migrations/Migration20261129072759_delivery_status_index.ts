import { Migration } from '@mikro-orm/migrations';

/** One index lists the deliveries of an endpoint by status, in place of two that did not serve every status. */
export class Migration20261129072759_delivery_status_index extends Migration {
  override name = 'Migration20261129072759_delivery_status_index';

  override up(): void | Promise<void> {
    this.addSql(`drop index "webhook_delivery_failed_index";`);
    this.addSql(`drop index "webhook_delivery_list_index";`);
    this.addSql(
      `create index "webhook_delivery_status_index" on "webhook_delivery" ("endpoint_id", "status", "id");`,
    );
  }

  override down(): void | Promise<void> {
    this.addSql(`drop index "webhook_delivery_status_index";`);
    this.addSql(
      `create index "webhook_delivery_failed_index" on "webhook_delivery" ("endpoint_id", "id") where "status" = 'FAILED';`,
    );
    this.addSql(`create index "webhook_delivery_list_index" on "webhook_delivery" ("endpoint_id", "id");`);
  }
}
