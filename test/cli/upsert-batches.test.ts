import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { type MikroORM } from '@mikro-orm/postgresql';
import { stringify } from 'csv-stringify/sync';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { Output } from '../../src/cli/command-io.js';
import { checkFile, readingOf } from '../../src/cli/import/check-file.js';
import { filesBeside } from '../../src/cli/import/import-files.js';
import { runImport } from '../../src/cli/import/run-import.js';
import { Conflict } from '../../src/customers/conflict.type.js';
import { createCustomer } from '../../src/customers/create/create-customer.js';
import { type CreateCustomerInput } from '../../src/customers/create/create-customer.input.js';
import { Created } from '../../src/customers/create/create-customer.result.js';
import { createCustomers } from '../../src/customers/create/create-customers.js';
import { type InsertCustomers } from '../../src/customers/create/insert-customers.js';
import { validateCustomer } from '../../src/customers/create/validate-customer.js';
import { CustomerStatus } from '../../src/customers/customer-status.js';
import { deleteCustomer } from '../../src/customers/delete/delete-customer.js';
import { type ImportStore, openImportStore } from '../../src/customers/import/import-store.js';
import { upsertBatch } from '../../src/customers/import/upsert-batch.js';
import { upsertCustomer } from '../../src/customers/upsert/upsert-customer.js';
import { CustomerKey } from '../../src/customers/upsert/upsert-customer.result.js';
import { Unavailable } from '../../src/errors/unavailable.js';
import { openOrm } from '../../src/orm/orm.js';
import { createTeam } from '../../src/teams/teams.js';
import { ValidationError } from '../../src/validation/validation-error.type.js';
import { newActor } from '../support/actor.js';
import { newCustomer } from '../support/customers.js';
import { migratedDatabase, query } from '../support/database.js';
import { temporaryFolder } from '../support/process.js';
import { sharedResources } from '../support/resources.js';

let databaseUrl: string;
let orm: MikroORM;
let store: ImportStore;
let folder: Awaited<ReturnType<typeof temporaryFolder>>;
const resources = sharedResources();
beforeAll(async () => {
  databaseUrl = await migratedDatabase();
  orm = resources.adopt(await openOrm(databaseUrl), (it) => it.close());
  store = await openImportStore(orm);
  folder = resources.adopt(await temporaryFolder(), (it) => it.remove());
});

/** Few emails and external IDs, so that rows meet in them. */
const cells = {
  customer: fc.constantFrom('A', 'B'),
  email: fc.constantFrom('a@x.example', 'A@x.example', 'b@x.example', 'c@x.example', 'd@x.example', 'none'),
  externalId: fc.constantFrom('', '1', '2', '3', '4'),
  status: fc.constantFrom('', 'ACTIVE', 'INACTIVE'),
  notes: fc.constantFrom('', 'n'),
  'billingAddress.city': fc.constantFrom('', 'c'),
  'billingAddress.zipCode': fc.constantFrom('', '1', '2'),
  'metadata.a': fc.constantFrom('', '1', '2'),
  'metadata.b': fc.constantFrom('', '1'),
  'contacts.0.firstName': fc.constantFrom('', 'Ada'),
  'contacts.1.firstName': fc.constantFrom('', 'Bob', 'Cid'),
};
const columns = Object.keys(cells);

interface ImportedFile {
  readonly by: CustomerKey;
  readonly rows: readonly Readonly<Record<string, string>>[];
}

/** Files that lack some of the optional columns. */
const files: fc.Arbitrary<ImportedFile[]> = fc.array(
  fc.record({
    by: fc.constantFrom(...Object.values(CustomerKey)),
    rows: fc
      .tuple(fc.subarray(columns.slice(3)), fc.array(fc.record(cells), { minLength: 1, maxLength: 10 }))
      .map(([missing, rows]) =>
        rows.map((row) =>
          Object.fromEntries(Object.entries(row).filter(([name]) => !missing.includes(name))),
        ),
      ),
  }),
  { minLength: 1, maxLength: 3 },
);

/** A row as the input of the mutation, which says nothing of its empty cells. */
function inputOf(row: ImportedFile['rows'][number]): CreateCustomerInput {
  const {
    customer = '',
    email = '',
    ...others
  } = Object.fromEntries(Object.entries(row).filter(([, cell]) => cell !== ''));
  const input: CreateCustomerInput = { customer, email };
  for (const [name, value] of Object.entries(others)) {
    if (name === 'externalId' || name === 'notes') input[name] = value;
    else if (name === 'status') input.status = z.enum(CustomerStatus).parse(value);
    else if (name === 'billingAddress.city') (input.billingAddress ??= {}).city = value;
    else if (name === 'billingAddress.zipCode') (input.billingAddress ??= {}).zipCode = value;
    else if (name.startsWith('contacts.')) (input.contacts ??= []).push({ firstName: value });
    else (input.metadata ??= []).push({ key: name.replace('metadata.', ''), value });
  }
  return input;
}

async function importFile(teamId: string, { by, rows }: ImportedFile) {
  const source = join(folder.path, `${teamId}.csv`);
  await writeFile(source, stringify([Object.keys(rows[0] ?? {}), ...rows.map((row) => Object.values(row))]));
  const file = await checkFile(source, { columns: { maps: [], others: 'refuse' } });
  const rules = { needsExternalId: by === CustomerKey.EXTERNAL_ID };
  const job = {
    files: filesBeside(source),
    file,
    reading: readingOf(file, rules),
    rules,
    teamId,
    upsertBy: by,
  };
  const quiet = new Output(new Writable({ write: (_chunk, _encoding, done) => done() }));
  const { created, updated, unchanged, reasons } = await runImport(
    store,
    job,
    quiet,
    new AbortController().signal,
    () => Promise.resolve(),
  );
  await rm(job.files.checkpoint);
  const codes = reasons.flatMap(({ code, rows: times }) => Array.from({ length: times }, () => code));
  return { created, stored: created + updated + unchanged, codes: codes.toSorted() };
}

async function upsertRows(teamId: string, { by, rows }: ImportedFile) {
  const codes: string[] = [];
  let [created, stored] = [0, 0];
  for (const row of rows) {
    const result = await upsertCustomer(store.customers, newActor(teamId), inputOf(row), by);
    if (result instanceof Conflict) codes.push(result.code);
    else if (result instanceof ValidationError) codes.push(...result.errors.map(({ code }) => code));
    else stored += 1;
    if (result instanceof Created) created += 1;
  }
  return { created, stored, codes: codes.toSorted() };
}

async function customersOf(teamId: string) {
  const rows = await query<{ customer: object }>(
    databaseUrl,
    `select to_jsonb(customer) - array['id', 'team_id', 'version', 'created_at', 'updated_at', 'transaction']
       || jsonb_build_object('contacts', (
         select jsonb_agg(to_jsonb(contact) - array['id', 'customer_id'] order by position)
         from contact where customer_id = customer.id
       )) as customer
     from customer where team_id = $1 order by email_key`,
    [teamId],
  );
  return rows.map(({ customer }) => customer);
}

test('files that are imported with `--upsert` give what `upsertCustomer` gives for their rows one after another', async () => {
  const property = async (imported: ImportedFile[]) => {
    const [teamId, expectedId] = [await createTeam(orm, 'Imported'), await createTeam(orm, 'Upserted')];
    for (const file of imported) {
      expect(await importFile(teamId, file)).toEqual(await upsertRows(expectedId, file));
      expect(await customersOf(teamId)).toEqual(await customersOf(expectedId));
    }
  };
  await fc.assert(fc.asyncProperty(files, property), { numRuns: 15, endOnFailure: true });
}, 60_000);

describe('a row whose email another request', () => {
  /** Upserts one row, while another request takes its email before each of the first creates, and frees it after them. */
  async function upsertWhileTaken(times: number) {
    const teamId = await createTeam(orm, 'Raced');
    const input = newCustomer();
    const checked = validateCustomer(input);
    if ('errors' in checked) throw new Error('The customer is not valid');
    let creates = 0;
    const insertMany: InsertCustomers = async (...call) => {
      creates += 1;
      if (creates > times) return store.customers.insertMany(...call);
      const theirs = await createCustomer(store.customers, newActor(teamId), input);
      if (!(theirs instanceof Created)) throw new Error('The email is taken');
      const insertion = await store.customers.insertMany(...call);
      await deleteCustomer(store.customers, newActor(teamId), theirs.data.uuid);
      return insertion;
    };
    const raced = { ...store, customers: { ...store.customers, insertMany } };
    const identity = { importId: crypto.randomUUID(), startedAt: 0 };
    const rows = [{ row: 0, draft: checked.draft, hasStatus: false }];
    return upsertBatch(raced, { teamId, identity, rows, by: CustomerKey.EMAIL, isRepeated: false });
  }

  test('takes and frees again is created', async () => {
    expect(await upsertWhileTaken(9)).toEqual(new Map([[0, 'CREATED']]));
  });

  test('takes and frees again and again fails after 10 attempts', async () => {
    await expect(upsertWhileTaken(10)).rejects.toThrow(Unavailable);
  });
});

test.each([
  ['new customers', 0, 'CREATED'],
  ['existing customers', 100, 'UPDATED'],
])(
  'a file that has one external ID for all %s takes as many reads as any other',
  async (_case, existing, first) => {
    const teamId = await createTeam(orm, 'Placeholders');
    const inputs = Array.from({ length: 100 }, () => newCustomer());
    await createCustomers(store.customers, newActor(teamId), inputs.slice(0, existing));
    const rows = inputs.map((input, row) => {
      const checked = validateCustomer({ ...input, externalId: 'N/A' });
      if ('errors' in checked) throw new Error('The customer is not valid');
      return { row, draft: checked.draft, hasStatus: false };
    });
    let reads = 0;
    const counted: ImportStore = {
      ...store,
      findByKey(...call) {
        reads += 1;
        return store.findByKey(...call);
      },
    };
    const identity = { importId: crypto.randomUUID(), startedAt: 0 };
    const batch = { teamId, identity, rows, by: CustomerKey.EMAIL, isRepeated: false };
    const outcomes = [...(await upsertBatch(counted, batch)).entries()].toSorted(([a], [b]) => a - b);
    expect(outcomes.filter(([, outcome]) => typeof outcome === 'string')).toEqual([[0, first]]);
    // New customers that were refused are looked up again.
    expect(reads).toBeLessThanOrEqual(2);
  },
);
