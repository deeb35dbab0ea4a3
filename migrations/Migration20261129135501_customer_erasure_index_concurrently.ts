import { Migration } from '@mikro-orm/migrations';

/**
 * Builds the index of deleted customers and checks the constraints of the two migrations before, while gateways read and write the tables.
 * After a crash it begins again.
 */
export class Migration20261129135501_customer_erasure_index_concurrently extends Migration {
  override name = 'Migration20261129135501_customer_erasure_index_concurrently';

  override isTransactional(): boolean {
    return false;
  }

  override async up(): Promise<void> {
    // An interrupted build leaves an index that is not valid.
    await this.execute(`drop index concurrently if exists "customer_deleted_at_index";`);
    await this.execute(
      `create index concurrently "customer_deleted_at_index" on "customer" ("deleted_at", "id") where "deleted_at" is not null and "erased_at" is null;`,
    );
    await this.execute(`alter table "customer" validate constraint "customer_erased_is_deleted";`);
    await this.execute(`alter table "customer_event" validate constraint "customer_event_type_check";`);
  }

  override down(): void | Promise<void> {
    this.addSql(`drop index concurrently if exists "customer_deleted_at_index";`);
  }
}
