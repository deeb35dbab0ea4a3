import { Migration } from '@mikro-orm/migrations';

/** Adds the batch of an import to the events of its changes. PostgreSQL adds the column without writing the rows again. */
export class Migration20261129095901_import_batches extends Migration {
  override name = 'Migration20261129095901_import_batches';

  override up(): void | Promise<void> {
    this.addSql(`alter table "customer_event" add "batch_id" uuid null;`);
  }

  override down(): void | Promise<void> {
    this.addSql(`alter table "customer_event" drop column "batch_id";`);
  }
}
