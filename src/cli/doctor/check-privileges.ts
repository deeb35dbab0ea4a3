import type pg from 'pg';
import { MIGRATIONS_TABLE } from '../../orm/pending-migrations.js';
import { type Finding, failed, ok, warning } from './check.js';
import { EXTENSIONS } from './extensions.js';
import { type MigrationState } from './check-migrations.js';
import { onlyRow } from './only-row.js';

/** The schema of graphile-worker. */
const JOBS = 'graphile_worker';

/** Tables that a gateway only reads: the lists of applied migrations. */
const READ_TABLES = [MIGRATIONS_TABLE, 'migrations'];

/** The audit log, to which a gateway only adds. */
const AUDIT_TABLE = 'audit_entry';

/** What the role of `DATABASE_URL` may do. Names are quoted, ready for a statement. */
interface Role {
  readonly role: string;
  readonly database: string;
  readonly databaseOwner: string;
  readonly schema: string;
  readonly mayCreateInDatabase: boolean;
  readonly mayUseSchema: boolean;
  readonly mayCreateInSchema: boolean;
  readonly hasExtensions: boolean;
  /** Of the schema of graphile-worker, which its migrations create. Null while it is missing. */
  readonly mayUseJobs: boolean | null;
  readonly mayExecuteJobs: boolean;
}

/** A table of the gateway, and what the role may not do with it. */
interface Table {
  readonly name: string;
  readonly owner: string;
  readonly isOwn: boolean;
  readonly missing: readonly string[];
  /** Privileges on the audit log with which the role could change it. An owner has them in any case. */
  readonly excess: readonly string[];
}

/**
 * Whether the role may serve and, while migrations are pending, whether it may migrate. A failure names the statements to
 * run.
 *
 * @param tables - the tables that the gateway reads and writes.
 */
export async function privilegesOf(
  client: pg.Client,
  state: MigrationState,
  tables: readonly string[],
): Promise<Finding> {
  const role = await roleOf(client);
  if (!role.mayUseSchema) return missing(role, [`GRANT USAGE ON SCHEMA ${role.schema} TO ${role.role};`]);
  const present = await tablesOf(client, tables);
  if (state === 'not migrated' || ('pending' in state && state.pending.length > 0)) {
    const foreign = present.find(({ isOwn }) => !isOwn);
    if (foreign) {
      return failed(
        `The role ${role.role} cannot migrate the database, because ${foreign.owner} owns the tables. Run \`customer-gateway migrate\` with a DATABASE_URL of ${foreign.owner}.`,
      );
    }
    const toMigrate = grantsToMigrate(role);
    if (toMigrate.length > 0) {
      return missing(
        role,
        toMigrate,
        ` Or run \`customer-gateway migrate\` with a DATABASE_URL of ${role.databaseOwner}, which owns the database.`,
      );
    }
  }
  const toServe = grantsToServe(role, present);
  if (toServe.length > 0) return missing(role, toServe);
  return describeAuditLog(role, present) ?? ok(`The role ${role.role} has the privileges it needs.`);
}

/** What the role could do to the audit log beside adding entries, if anything. */
function describeAuditLog({ role }: Role, tables: readonly Table[]): Finding | undefined {
  const audit = tables.find(({ name }) => name === AUDIT_TABLE);
  if (!audit) return undefined;
  if (audit.isOwn) {
    return ok(
      `The role ${role} has the privileges it needs. It owns the tables, so it could remove the trigger that protects the audit log.`,
    );
  }
  if (audit.excess.length === 0) return undefined;
  return warning(
    `The role ${role} has privileges on the audit log that it does not need. Run as ${audit.owner}: REVOKE ${audit.excess.join(', ')} ON ${AUDIT_TABLE} FROM ${role};`,
  );
}

function missing({ role }: Role, statements: readonly string[], otherwise = ''): Finding {
  return failed(`The role ${role} lacks privileges. Run as a superuser: ${statements.join(' ')}${otherwise}`);
}

function grantsToMigrate(role: Role): string[] {
  const statements: string[] = [];
  if ((!role.hasExtensions || role.mayUseJobs === null) && !role.mayCreateInDatabase) {
    statements.push(`GRANT CREATE ON DATABASE ${role.database} TO ${role.role};`);
  }
  if (!role.mayCreateInSchema) statements.push(`GRANT CREATE ON SCHEMA ${role.schema} TO ${role.role};`);
  return statements;
}

/** One statement for the tables that lack the same privileges. */
function grantsToServe(role: Role, tables: readonly Table[]): string[] {
  const onJobs: string[] = [];
  if (role.mayUseJobs === false) onJobs.push(`GRANT USAGE ON SCHEMA ${JOBS} TO ${role.role};`);
  if (!role.mayExecuteJobs) {
    onJobs.push(`GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA ${JOBS} TO ${role.role};`);
  }
  const lacking = tables.filter((table) => table.missing.length > 0);
  const byPrivileges = Map.groupBy(lacking, (table) => table.missing.join(', '));
  const onTables = [...byPrivileges].map(
    ([privileges, group]) =>
      `GRANT ${privileges} ON ${group.map(({ name }) => name).join(', ')} TO ${role.role};`,
  );
  return [...onJobs, ...onTables];
}

async function roleOf(client: pg.Client): Promise<Role> {
  return onlyRow<Role & pg.QueryResultRow>(
    client,
    `select quote_ident(current_user) as role, quote_ident(datname) as database,
       quote_ident(pg_get_userbyid(datdba)) as "databaseOwner", quote_ident(schema) as schema,
       has_database_privilege(oid, 'CREATE') as "mayCreateInDatabase",
       has_schema_privilege(schema, 'USAGE') as "mayUseSchema",
       has_schema_privilege(schema, 'CREATE') as "mayCreateInSchema",
       (select count(*) from pg_extension where extname in (${EXTENSIONS.map((name) => `'${name}'`).join()}))
         = ${EXTENSIONS.length} as "hasExtensions",
       has_schema_privilege(to_regnamespace('${JOBS}'), 'USAGE') as "mayUseJobs",
       not exists (
         select from pg_proc where pronamespace = to_regnamespace('${JOBS}') and not has_function_privilege(oid, 'EXECUTE')
       ) as "mayExecuteJobs"
     from pg_database, coalesce(current_schema(), 'public') as schema
     where datname = current_database()`,
  );
}

/** Of these tables, of the migrator's and of graphile-worker's, those that exist. */
async function tablesOf(client: pg.Client, tables: readonly string[]): Promise<Table[]> {
  const { rows } = await client.query<Table>(
    `select case when relnamespace = jobs then '${JOBS}.' else '' end || quote_ident(relname) as name,
       quote_ident(pg_get_userbyid(relowner)) as owner, pg_has_role(relowner, 'USAGE') as "isOwn",
       array(
         select privilege from unnest(needed) with ordinality as p(privilege, n)
         where not has_table_privilege(pg_class.oid, privilege)
         order by n
       ) as missing,
       array(
         select privilege from unnest(array['UPDATE', 'DELETE', 'TRUNCATE']) as privilege
         where relname = $2 and has_table_privilege(pg_class.oid, privilege)
       ) as excess
     from to_regnamespace('${JOBS}') as jobs, pg_class,
       lateral (select case
         when relkind = 'v' or relname = any($1) then array['SELECT']
         when relname = $2 then array['SELECT', 'INSERT']
         else array['SELECT', 'INSERT', 'UPDATE', 'DELETE']
       end as needed) as use
     where relnamespace = current_schema()::regnamespace and relkind = 'r' and relname = any($3)
       or relnamespace = jobs and relkind in ('r', 'v')
     order by relnamespace = jobs, relname`,
    [READ_TABLES, AUDIT_TABLE, [...tables, MIGRATIONS_TABLE]],
  );
  return rows;
}
