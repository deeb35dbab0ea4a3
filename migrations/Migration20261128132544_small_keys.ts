import { Migration } from '@mikro-orm/migrations';

/**
 * Idempotency keys keep a seed and a letter for each row, not the input. Keys that are there are left as they are, and so
 * are their columns: gateways of the release before may still write them.
 */
export class Migration20261128132544_small_keys extends Migration {
  override name = 'Migration20261128132544_small_keys';

  override up(): void | Promise<void> {
    this.addSql(`alter table "idempotency_key" add "seed" uuid null, add "outcomes" text null;`);
    this.addSql(
      `alter table "idempotency_key" alter column "result" drop not null, alter column "conflicts" drop not null;`,
    );
    this.addSql(
      `alter table "idempotency_key" add constraint "idempotency_key_kept_whole" check (num_nonnulls(seed, outcomes) = 2 or num_nonnulls(result, conflicts) = 2);`,
    );
    this.addSql(
      `alter table "idempotency_key" add constraint "idempotency_key_outcomes_letters" check (outcomes ~ '^[ceiux]{1,100}$');`,
    );
  }

  override down(): void | Promise<void> {
    this.addSql(`alter table "idempotency_key" drop constraint "idempotency_key_kept_whole";`);
    this.addSql(`alter table "idempotency_key" drop constraint "idempotency_key_outcomes_letters";`);
    // What they keep cannot be turned into rows again without the input.
    this.addSql(`delete from "idempotency_key" where "result" is null;`);
    this.addSql(`alter table "idempotency_key" drop column "seed", drop column "outcomes";`);
    this.addSql(
      `alter table "idempotency_key" alter column "result" set not null, alter column "conflicts" set not null;`,
    );
  }
}
