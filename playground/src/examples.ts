import { getOperationAST, Kind, parse, print, separateOperations } from 'graphql';
import source from '../../examples/examples.graphql?raw';
import conflictSource from './conflict.graphql?raw';
import { NIL_UUID, type Seen } from './seen.js';

/** An entry of the examples menu: an operation, with variables that lead to one outcome. */
export interface Example {
  /** Root field, such as `createCustomer`. The menu is grouped by it. */
  readonly field: string;
  readonly title: string;
  /** Outcome of running it, or what the response contains. */
  readonly outcome: string;
  /** The operation with the fragments it needs. */
  readonly query: string;
  /** @param seen - the objects last seen in responses, which updates and reads use. */
  variables(seen: Seen): unknown;
}

const address = { street: '1 Compiler Row', city: 'Arlington', state: 'VA', zipCode: '22201', country: 'US' };

/** A customer with an email that is not in use. */
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

/** Four errors: REQUIRED, INVALID_EMAIL, INVALID_URL and MULTIPLE_PRIMARY. */
const invalidCustomer = {
  customer: ' ',
  email: 'not an address',
  website: 'hopper',
  contacts: [
    { firstName: 'Grace', isPrimary: true },
    { firstName: 'Howard', isPrimary: true },
  ],
};

const newSuffix = () => crypto.randomUUID().slice(0, 8);

const documents = separateOperations(parse(source + conflictSource));

/** @param operation - name of an operation in `examples.graphql` or `conflict.graphql`. */
function example(
  operation: string,
  title: string,
  outcome: string,
  variables: Example['variables'],
): Example {
  const document = documents[operation];
  const [root] = document ? (getOperationAST(document, operation)?.selectionSet.selections ?? []) : [];
  if (!document || root?.kind !== Kind.FIELD) throw new Error(`There is no operation ${operation}.`);
  return { field: root.name.value, title, outcome, query: breakHeader(print(document)), variables };
}

/** Puts each variable of a long list on its own line, so that the first line of the document fits its pane. */
function breakHeader(document: string): string {
  return document.replace(/^(\w+ \w+)\((.{40,})\) \{$/m, (_line, name: string, variables: string) =>
    [`${name}(`, ...variables.split(', ').map((variable) => `  ${variable}`), ') {'].join('\n'),
  );
}

/** The first one is shown when the page opens. */
export const examples: readonly Example[] = [
  example('CreateCustomer', 'Create a customer', 'Created', () => ({
    input: newCustomer(),
    idempotencyKey: crypto.randomUUID(),
  })),
  example('CreateCustomer', 'Several invalid fields', 'ValidationError', () => ({ input: invalidCustomer })),
  example('CreateSameEmailTwice', 'Email already in use', 'Conflict', () => ({ input: newCustomer() })),
  example('CreateCustomers', 'One valid row, one invalid', 'CustomersCreated', () => ({
    inputs: [newCustomer(), { customer: '', email: 'not an address' }],
    idempotencyKey: crypto.randomUUID(),
  })),
  example('UpdateCustomer', 'Change the phone number', 'Updated', ({ customer: { uuid, version } }) => ({
    uuid,
    input: { mainPhone: '+1 212 555 0199', expectedVersion: version },
  })),
  example('UpdateCustomer', 'Outdated version', 'Conflict', ({ customer: { uuid, version } }) => ({
    uuid,
    input: { mainPhone: '+1 212 555 0199', expectedVersion: version + 1 },
  })),
  example('UpdateCustomer', 'Unknown ID', 'NotFound', () => ({
    uuid: NIL_UUID,
    input: { mainPhone: '+1 212 555 0199' },
  })),
  example('UpdateCustomers', 'Change notes', 'CustomersUpdated', ({ customer: { uuid } }) => ({
    inputs: [{ uuid, notes: 'Pays by the end of the month.' }],
  })),
  example('UpsertCustomer', 'Create or update by external ID', 'Created', () => ({
    input: { ...newCustomer(), externalId: `crm-${newSuffix()}` },
    by: 'EXTERNAL_ID',
  })),
  example('DeleteCustomer', 'Delete the customer', 'Deleted', ({ customer: { uuid } }) => ({ uuid })),
  example('RestoreCustomer', 'Restore the customer', 'Restored', ({ customer: { uuid } }) => ({ uuid })),
  example('Customer', 'By ID', 'a customer', ({ customer: { uuid } }) => ({ uuid })),
  example('CustomerHistory', 'Changes of a customer', 'its history', ({ customer: { uuid } }) => ({
    uuid,
    first: 20,
  })),
  example('CustomerByEmail', 'By email', 'a customer', ({ customer: { email } }) => ({ email })),
  example('CustomerByExternalId', 'By external ID', 'a customer', ({ customer: { externalId } }) => ({
    externalId: externalId ?? 'crm-1',
  })),
  example('Node', 'Object of any type by ID', 'a customer', ({ customer: { uuid } }) => ({ id: uuid })),
  example('Nodes', 'Several objects by ID', 'a list', ({ customer: { uuid } }) => ({
    ids: [uuid, NIL_UUID],
  })),
  example('Customers', 'Search, newest first', 'a page', () => ({
    search: 'hopper',
    limit: 20,
    orderBy: 'CREATED_AT',
    orderDirection: 'DESC',
  })),
  example('CustomersConnection', 'First 20, by cursor', 'a page', () => ({ first: 20 })),
  example('CustomerEvents', 'Changes of all customers', 'a page', () => ({ first: 20 })),
  example('LastCustomerEventCursor', 'Cursor of the last change', 'a cursor', () => ({})),
  example('CreateWebhookEndpoint', 'Create an endpoint', 'WebhookEndpointCreated', () => ({
    input: {
      url: 'https://hopper.example/webhooks',
      types: ['CREATED', 'UPDATED'],
      description: 'Synchronizes the CRM',
    },
  })),
  example('CreateWebhookEndpoint', 'Invalid URL and types', 'ValidationError', () => ({
    input: { url: 'ftp://hopper.example', types: ['CREATED', 'CREATED'] },
  })),
  example('WebhookEndpoints', 'All endpoints', 'a list', () => ({})),
  example('WebhookEndpoint', 'Endpoint and deliveries', 'an endpoint', ({ endpoint }) => ({
    uuid: endpoint,
    first: 20,
  })),
  example('UpdateWebhookEndpoint', 'Pause the endpoint', 'WebhookEndpointUpdated', ({ endpoint }) => ({
    uuid: endpoint,
    input: { paused: true },
  })),
  example('UpdateWebhookEndpoint', 'Resume the endpoint', 'WebhookEndpointUpdated', ({ endpoint }) => ({
    uuid: endpoint,
    input: { paused: false },
  })),
  example('UpdateWebhookEndpoint', 'Unknown endpoint', 'NotFound', () => ({
    uuid: NIL_UUID,
    input: { paused: true },
  })),
  example('SendTestEvent', 'Send a test event', 'WebhookDeliveryQueued', ({ endpoint }) => ({
    uuid: endpoint,
  })),
  example('Redeliver', 'Send a delivery again', 'WebhookDeliveryQueued', ({ delivery }) => ({
    deliveryUuid: delivery,
  })),
  example('RotateWebhookSecret', 'New secret, 24 hours overlap', 'WebhookSecretRotated', ({ endpoint }) => ({
    uuid: endpoint,
    overlapHours: 24,
  })),
  example('DeleteWebhookEndpoint', 'Delete the endpoint', 'WebhookEndpointDeleted', ({ endpoint }) => ({
    uuid: endpoint,
  })),
];

/** Variables as the editor shows them. */
export function toJson(values: unknown): string {
  return JSON.stringify(values, null, 2);
}
