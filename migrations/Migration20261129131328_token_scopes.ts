import { Migration } from '@mikro-orm/migrations';

/** Adds the scopes of tokens. Existing tokens, and those that an older gateway issues, have null and so allow everything. */
export class Migration20261129131328_token_scopes extends Migration {
  override name = 'Migration20261129131328_token_scopes';

  override up(): void | Promise<void> {
    this.addSql(`alter table "access_token" add "scopes" text[] null;`);
    this.addSql(
      `alter table "access_token" add constraint "access_token_scopes" check (cardinality(scopes) > 0 and scopes <@ array['customers:read', 'customers:write', 'customers:delete', 'webhooks:manage', 'events:read']);`,
    );
  }

  override down(): void | Promise<void> {
    // The release before would let these tokens do everything.
    this.addSql(
      `update "access_token" set "revoked_at" = now() where "scopes" is not null and "revoked_at" is null;`,
    );
    this.addSql(`alter table "access_token" drop constraint "access_token_scopes";`);
    this.addSql(`alter table "access_token" drop column "scopes";`);
  }
}
