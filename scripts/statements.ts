import 'reflect-metadata';
import { readFile, writeFile } from 'node:fs/promises';
import { formatSql } from '../tools/format-sql.ts';
import { auditStatements } from './statements/audit-statements.ts';
import { authStatements } from './statements/auth-statements.ts';
import { customerStatements } from './statements/customer-statements.ts';
import { documentStatements } from './statements/document-statements.ts';
import { type ListedStatement, type Section } from './statements/listed-statement.ts';
import { openOrmRecorder } from './statements/orm-recorder.ts';
import { ormStatements } from './statements/orm-statements.ts';
import { webhookStatements } from './statements/webhook-statements.ts';

/** Writes `docs/statements.sql`. With `--check` only compares it with the code. Needs no database. */
const FILE = 'docs/statements.sql';

/** Characters of a line of a comment. */
const LINE = 110;

const HEAD = `-- The SQL statements of the gateway. Written by \`npm run statements\`; do not edit.
--
-- To run a statement, set its parameters in psql and paste it:
--
--   \\set teamId '01234567-89ab-7def-8123-456789abcdef'
--
-- Replace a parameter that is to be null with null. The gateway sends $1, $2 and so on for parameters. The ORM writes values
-- into the text.
--
-- Each connection prepares a statement marked (prepared) once. PostgreSQL plans the others at each call.
--
-- Not listed: begin, commit and rollback; the SQL of migrations, in migrations/, src/customers/fill-keys.ts and
-- src/webhooks/jobs/migrate-jobs.ts; the statements of graphile-worker; the check of the demo credentials, in src/demo.ts;
-- and statements about the server itself (health checks, advisory locks, the embedded server, doctor), in src/database/,
-- src/server.ts and src/cli/.
`;

const recorder = await openOrmRecorder();
const sections = [
  ...customerStatements(recorder.orm),
  ...webhookStatements(recorder.orm),
  ...documentStatements(),
  ...auditStatements(),
  ...authStatements(),
  ...(await ormStatements(recorder)),
];
await recorder.orm.close();
const text = [HEAD, ...sections.map(printSection)].join('\n');

if (process.argv.includes('--check')) await check();
else await writeFile(FILE, text);

function printSection({ heading, statements }: Section): string {
  return [`-- ## ${heading}\n`, ...statements.map(printStatement)].join('\n');
}

function printStatement({ title, runs, text: statement }: ListedStatement): string {
  return `-- ${title}\n${comment(runs)}\n${formatSql(statement)};\n`;
}

/** Text as comments of at most {@link LINE} characters a line. */
function comment(prose: string): string {
  const lines = prose.match(new RegExp(`.{1,${LINE}}(?= |$)`, 'g')) ?? [];
  return lines.map((line) => `-- ${line.trim()}`).join('\n');
}

async function check(): Promise<void> {
  if ((await readFile(FILE, 'utf8')) === text) return;
  process.stderr.write(`${FILE} differs from the code; run \`npm run statements\` and commit it.\n`);
  process.exitCode = 1;
}
