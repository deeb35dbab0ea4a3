import { newUuid } from '../../database/uuid.js';
import { Conflict, type ConflictCode } from '../conflict.type.js';
import { type CsvDraft } from '../csv/read-row.js';
import { type ConflictCheck, type UniqueValues } from '../find-conflicts.js';
import { type StoredCustomer } from '../new-customer.js';
import { type CustomerKey } from '../upsert/upsert-customer.result.js';
import { upsertKeys } from '../upsert/upsert-key.js';
import { applyRow } from './apply-row.js';
import { type ImportOutcome, rejectionOf } from './import-outcome.js';
import { type ImportStore } from './import-store.js';
import { uniqueValues } from './unique-values.js';

/** Maximum emails and external IDs that are remembered, each in some 100 bytes. */
const MAX_SEEN = 200_000;

/** The emails and external IDs of the rows so far. */
export class SeenValues {
  readonly #values = new Set<string>();

  /** Whether all are remembered. */
  isComplete = true;

  /** What an earlier row has. */
  conflictOf(draft: CsvDraft['draft']): ConflictCode | undefined {
    const [email = '', externalId] = uniqueValues(draft);
    if (this.#values.has(email)) return 'EMAIL_EXISTS';
    return externalId !== undefined && this.#values.has(externalId) ? 'EXTERNAL_ID_EXISTS' : undefined;
  }

  add(draft: CsvDraft['draft']): void {
    for (const value of uniqueValues(draft)) {
      if (this.#values.size < MAX_SEEN) this.#values.add(value);
      else this.isComplete = false;
    }
  }
}

/** A row and the customer that it would be stored as. */
interface Claim extends UniqueValues {
  readonly row: CsvDraft;
  readonly outcome: ImportOutcome;
}

/**
 * Says what an import of at most 100 rows would do now. It stores nothing. A row with the key of an earlier row counts as updated, though
 * it can be unchanged by then.
 *
 * @param by - the field by which rows update customers. Null to only create.
 * @param seen - of the rows before. The rows are added to it.
 * @returns the outcomes in the order of the rows.
 */
export async function predictBatch(
  { customers, findByKey }: Pick<ImportStore, 'customers' | 'findByKey'>,
  teamId: string,
  by: CustomerKey | null,
  rows: readonly CsvDraft[],
  seen: SeenValues,
): Promise<ImportOutcome[]> {
  const keys = by ? rows.map(({ draft }) => upsertKeys[by].valueOf(draft)).filter((key) => key !== null) : [];
  const found = by && keys.length > 0 ? await findByKey(teamId, by, keys) : [];
  const current = new Map(by ? found.map((customer) => [upsertKeys[by].valueOf(customer), customer]) : []);
  const claims = rows.map((row) =>
    claimOf(row, by ? current.get(upsertKeys[by].valueOf(row.draft)) : undefined),
  );
  const checks =
    claims.length > 0 ? await customers.findConflicts(teamId, claims) : new Map<string, ConflictCheck>();
  return claims.map(({ uuid, row, outcome }): ImportOutcome => {
    const inFile = seen.conflictOf(row.draft);
    const isOfKey = by !== null && inFile === upsertKeys[by].conflict;
    const conflict: ConflictCode | null | undefined = checks.get(uuid)?.code ?? (isOfKey ? null : inFile);
    if (typeof outcome === 'object' || conflict)
      return conflict ? rejectionOf(new Conflict(conflict)) : outcome;
    seen.add(row.draft);
    return isOfKey && outcome === 'CREATED' ? 'UPDATED' : outcome;
  });
}

function claimOf(row: CsvDraft, current: StoredCustomer | undefined): Claim {
  const { email, externalId } = row.draft;
  if (!current) return { uuid: newUuid(), email, externalId, row, outcome: 'CREATED' };
  const applied = applyRow(current, row);
  if ('problems' in applied) return { ...uniqueValuesOf(current), row, outcome: applied };
  return { ...uniqueValuesOf(applied.draft), row, outcome: applied.isChanged ? 'UPDATED' : 'UNCHANGED' };
}

const uniqueValuesOf = ({ uuid, email, externalId }: UniqueValues) => ({ uuid, email, externalId });
