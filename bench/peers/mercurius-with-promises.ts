// The gateway's types need it.
import 'reflect-metadata';
import { readFileSync } from 'node:fs';
import mercurius from 'mercurius';
import { validateCustomer } from '../../dist/src/customers/create/validate-customer.js';
import { checkPage } from '../../dist/src/customers/list/list-rules.js';
import { type CustomerPageArgs } from '../../dist/src/customers/list/list.args.js';
import { checkRowCount } from '../../dist/src/customers/row-count.js';
import { type FieldError } from '../../dist/src/validation/field-error.type.js';
import { ValidationError } from '../../dist/src/validation/validation-error.type.js';
import { createdOrConflict, customersCreated, named } from './answers.ts';
import { insertMany, insertOne } from './one-statement.ts';
import { appWithPromises } from './promises/app.ts';
import { maskErrors } from './promises/mask-errors.ts';
import { failure, mutation, query, type Typed } from './promises/guarded.ts';
import { selectOne, selectPage } from './reads.ts';
import { serve } from './signed-app.ts';

/** (d) with the gateway's rules, limit, check for replays and request log, from the gateway's own modules. */
type Input = Parameters<typeof validateCustomer>[0];

const MAX_DEPTH = 10;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

const invalid = (errors: readonly FieldError[]): Typed => named(new ValidationError(errors));

async function createCustomer({ input }: { readonly input: Input }): Promise<Typed> {
  const checked = validateCustomer(input);
  return 'errors' in checked ? invalid(checked.errors) : createdOrConflict(await insertOne(checked.draft));
}

async function createCustomers({ inputs }: { readonly inputs: readonly Input[] }): Promise<Typed> {
  const errors = checkRowCount(inputs);
  if (errors.length > 0) return invalid(errors);
  const rows = inputs.map(validateCustomer);
  const drafts = rows.flatMap((row) => ('draft' in row ? [row.draft] : []));
  const stored = (await insertMany(drafts)).values();
  return customersCreated(
    rows.map((row) => ('errors' in row ? invalid(row.errors) : createdOrConflict(stored.next().value))),
  );
}

async function customer({ uuid }: { readonly uuid: string }) {
  if (!UUID.test(uuid)) throw failure('The value is not a UUID.', 'BAD_USER_INPUT');
  return selectOne(uuid);
}

async function customers(args: CustomerPageArgs) {
  const checked = checkPage(args);
  if ('errors' in checked) throw failure('The arguments are not valid.', 'BAD_USER_INPUT');
  return selectPage(checked.page, checked.limit);
}

const app = await appWithPromises();
await app.register(mercurius, {
  schema: readFileSync(new URL('../../schema.graphql', import.meta.url), 'utf8'),
  jit: 1,
  queryDepth: MAX_DEPTH,
  context: ({ call }) => ({ call }),
  errorFormatter: maskErrors,
  resolvers: {
    Mutation: {
      createCustomer: mutation('createCustomer', createCustomer),
      createCustomers: mutation('createCustomers', createCustomers),
    },
    Query: {
      customer: query('customer', customer),
      customers: query('customers', customers),
    },
  },
});
await serve(app);
