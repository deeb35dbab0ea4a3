import { getOperationAST, parse, print, separateOperations } from 'graphql';
import source from '../../examples/examples.graphql?raw';
import { type Exchange } from './exchange.js';

/** A ready operation, and variables to run it with. */
export interface Example {
  readonly name: string;
  readonly kind: string;
  /** The operation with the fragments it needs. */
  readonly query: string;
  /** @param customer - the customer last seen in an answer, which it then is about. */
  variables(customer: SeenCustomer): unknown;
}

/** What examples need to know of a customer. */
export interface SeenCustomer {
  readonly uuid: string;
  readonly email: string;
  readonly version: number;
  readonly externalId?: string | null;
}

/** Stands for a customer while none was seen: the nil UUID (RFC 9562, 5.9). */
export const NOBODY: SeenCustomer = {
  uuid: '00000000-0000-0000-0000-000000000000',
  email: 'nobody@hopper.example',
  version: 1,
};

const address = { street: '1 Compiler Row', city: 'Arlington', state: 'VA', zipCode: '22201', country: 'US' };

/** A customer whose email nobody has yet. */
function newCustomer() {
  return {
    customer: 'Grace Hopper Ltd',
    email: `accounts+${newSuffix()}@hopper.example`,
    mainPhone: '+1 212 555 0100',
    website: 'https://hopper.example',
    billingAddress: address,
    contacts: [
      { firstName: 'Grace', lastName: 'Hopper', email: 'grace@hopper.example', isPrimary: true },
      { firstName: 'Howard', lastName: 'Aiken', phone: '+1 617 555 0144' },
    ],
  };
}

const newSuffix = () => crypto.randomUUID().slice(0, 8);

const variables: Readonly<Record<string, Example['variables']>> = {
  CreateCustomer: () => ({ input: newCustomer(), idempotencyKey: crypto.randomUUID() }),
  CreateCustomers: () => ({
    inputs: [newCustomer(), { customer: '', email: 'not an address' }],
    idempotencyKey: crypto.randomUUID(),
  }),
  UpdateCustomer: ({ uuid, version }) => ({
    uuid,
    input: { mainPhone: '+1 212 555 0199', expectedVersion: version },
  }),
  UpdateCustomers: ({ uuid }) => ({ inputs: [{ uuid, notes: 'Pays by the end of the month.' }] }),
  UpsertCustomer: () => ({
    input: { ...newCustomer(), externalId: `crm-${newSuffix()}` },
    by: 'EXTERNAL_ID',
  }),
  DeleteCustomer: ({ uuid }) => ({ uuid }),
  RestoreCustomer: ({ uuid }) => ({ uuid }),
  Customer: ({ uuid }) => ({ uuid }),
  CustomerByEmail: ({ email }) => ({ email }),
  CustomerByExternalId: ({ externalId }) => ({ externalId: externalId ?? 'crm-1' }),
  Customers: () => ({ search: 'hopper', limit: 20, orderBy: 'CREATED_AT', orderDirection: 'DESC' }),
  CustomersConnection: () => ({ first: 20 }),
};

/** A ready operation for every field of the roots, in the order of `examples.graphql`. */
export const examples: readonly Example[] = Object.entries(separateOperations(parse(source))).map(
  ([name, document]) => ({
    name,
    kind: getOperationAST(document, name)?.operation ?? 'query',
    query: print(document),
    variables: variables[name] ?? (() => ({})),
  }),
);

/** Variables as the editor shows them. */
export function toJson(values: unknown): string {
  return JSON.stringify(values, null, 2);
}

/** The first customer in an answer, at whatever depth. */
export function customerIn({ answer }: Exchange): SeenCustomer | undefined {
  return search(answer.data);
}

function search(value: unknown): SeenCustomer | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  if (isCustomer(value)) return value;
  for (const part of Object.values(value)) {
    const found = search(part);
    if (found) return found;
  }
  return undefined;
}

function isCustomer(value: object): value is SeenCustomer {
  return (
    'uuid' in value &&
    typeof value.uuid === 'string' &&
    'email' in value &&
    typeof value.email === 'string' &&
    'version' in value &&
    typeof value.version === 'number'
  );
}
