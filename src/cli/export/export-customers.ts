import { pipeline } from 'node:stream/promises';
import { stringify } from 'csv-stringify/sync';
import { cellsOf, headerOf } from '../../customers/csv/write-row.js';
import { type CustomerSnapshot, withSnapshot } from '../../customers/export/customer-snapshot.js';
import { writeFileAtomic } from '../../files/write-file-atomic.js';
import { teamExists } from '../../teams/teams.js';
import { visibleText } from '../../validation/visible-text.js';
import { type AuditOptions } from '../audited.js';
import { type CommandIo, type Output } from '../command-io.js';
import { checkReplaceable } from '../regular-file.js';
import { type AuditedSession, withAudit } from '../session.js';

/** Columns of metadata at most: each is a cell of every row. Spreadsheets end at some 16,000 columns. */
const MAX_METADATA_KEYS = 1_000;

export interface ExportOptions extends AuditOptions {
  readonly team: string;
  readonly delimiter: string;
  readonly forSpreadsheets?: boolean;
  readonly json?: true;
}

/** Writes the customers of a team to a file, or to standard output. */
export async function exportCustomers(
  io: CommandIo,
  file: string | undefined,
  options: ExportOptions,
): Promise<void> {
  if (file !== undefined) await checkReplaceable(file);
  const count = await withAudit(io, options, 'export', (session) =>
    io.withAbortOnSignal((stopping) => exportFrom(session, file ?? io.stdout, options, stopping)),
  );
  // Not to stdout, which scripts read.
  io.stderr.write(`Exported ${count} customers.\n`);
}

/** @returns how many customers were written. */
async function exportFrom(
  { orm, databaseUrl, recordChange }: AuditedSession,
  target: string | Output,
  { team: teamId, ...options }: ExportOptions,
  stopping: AbortSignal,
): Promise<number> {
  if (!(await teamExists(orm, teamId))) throw new Error(`Team ${teamId} does not exist.`);
  // Before the first customer is read, so that no personal data leaves the database without an entry.
  await recordChange(orm.em.fork(), { teamId });
  return withSnapshot(orm, databaseUrl, teamId, async (snapshot) => {
    let written = 0;
    const pieces = piecesOf(snapshot, options, (customers) => (written += customers));
    try {
      if (typeof target === 'string') await writeFileAtomic(target, pieces, stopping);
      else await pipeline(forOutput(pieces, target), target.raw, { end: false, signal: stopping });
    } catch (error) {
      throw stopping.aborted ? new Error(`Stopped after ${written} customers.`, { cause: error }) : error;
    }
    return written;
  });
}

/** A file or a pipe gets the data as it is. A terminal shows it to people. */
async function* forOutput(pieces: AsyncIterable<string>, output: Output): AsyncGenerator<string> {
  for await (const piece of pieces) yield output.isTTY ? visibleText(piece) : piece;
}

async function* piecesOf(
  snapshot: CustomerSnapshot,
  { delimiter, forSpreadsheets = false, json }: Pick<ExportOptions, 'delimiter' | 'forSpreadsheets' | 'json'>,
  onPage: (customers: number) => void,
): AsyncGenerator<string> {
  if (json) {
    for await (const page of snapshot.pages()) {
      yield page.map((customer) => `${JSON.stringify(customer)}\n`).join('');
      onPage(page.length);
    }
    return;
  }
  const widths = { contacts: await snapshot.mostContacts(), metadataKeys: await metadataKeys(snapshot) };
  const toText = (rows: string[][], bom = false) => stringify(rows, { delimiter, bom });
  // Excel reads a file without a byte order mark in an older encoding than UTF-8.
  yield toText([headerOf(widths)], forSpreadsheets);
  for await (const page of snapshot.pages()) {
    yield toText(page.map((customer) => cellsOf(customer, widths, forSpreadsheets)));
    onPage(page.length);
  }
}

async function metadataKeys(snapshot: CustomerSnapshot): Promise<string[]> {
  const keys = await snapshot.metadataKeys(MAX_METADATA_KEYS + 1);
  if (keys.length <= MAX_METADATA_KEYS) return keys;
  throw new Error(
    `The customers have more than ${MAX_METADATA_KEYS} different metadata keys, too many for CSV columns. Use --json.`,
  );
}
