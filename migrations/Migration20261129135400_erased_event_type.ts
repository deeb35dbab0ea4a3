import { Migration } from '@mikro-orm/migrations';

/** Allows events of erasures. The constraint is checked for the rows that are there in a later migration. */
export class Migration20261129135400_erased_event_type extends Migration {
  override name = 'Migration20261129135400_erased_event_type';

  override up(): void | Promise<void> {
    this.addSql(`alter table "customer_event" drop constraint "customer_event_type_check";`);
    this.addSql(
      `alter table "customer_event" add constraint "customer_event_type_check" check ("type" in ('CREATED', 'UPDATED', 'DELETED', 'RESTORED', 'ERASED')) not valid;`,
    );
  }

  override down(): void | Promise<void> {
    // First, because it reads all events, and the next statements lock the table.
    this.addSql(`delete from "customer_event" where "type" = 'ERASED';`);
    this.addSql(`alter table "customer_event" drop constraint "customer_event_type_check";`);
    this.addSql(
      `alter table "customer_event" add constraint "customer_event_type_check" check ("type" in ('CREATED', 'UPDATED', 'DELETED', 'RESTORED')) not valid;`,
    );
  }
}
