import { Migration } from '@mikro-orm/migrations';

/**
 * Lets a contract migration mark the migration that it contracts: gateways that do not know a required migration cannot use the
 * schema. The table is the migrator's own, which names its columns in each statement.
 */
export class Migration20261129133000_required_migrations extends Migration {
  override name = 'Migration20261129133000_required_migrations';

  override up(): void | Promise<void> {
    this.addSql(
      `alter table "mikro_orm_migrations" add column if not exists "required" boolean not null default false;`,
    );
  }

  override down(): void | Promise<void> {
    this.addSql(`alter table "mikro_orm_migrations" drop column "required";`);
  }
}
