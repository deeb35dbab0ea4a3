/** What examples need to know about a customer. */
export interface SeenCustomer {
  readonly uuid: string;
  readonly email: string;
  readonly version: number;
  readonly externalId?: string | null;
}

/** The objects last seen in responses, which examples use. */
export interface Seen {
  readonly customer: SeenCustomer;
  /** ID of a webhook endpoint. */
  readonly endpoint: string;
  /** ID of a delivery. */
  readonly delivery: string;
}

/** What variables are made from: objects seen before, and values that no object has. */
export interface Values extends Seen {
  /** A new UUID. */
  newId(): string;
  /** A few characters that are new each time. */
  newSuffix(): string;
}

/** An operation with variables that lead to one outcome. */
export interface Example {
  /** Name of the operation, in `examples.graphql` or, for one that only the playground shows, beside its sources. */
  readonly operation: string;
  readonly title: string;
  /** Outcome of running it, or what the response contains. */
  readonly outcome: string;
  variables(values: Values): Readonly<Record<string, unknown>>;
}

/** The nil UUID (RFC 9562, 5.9), which no object has. */
export const NIL_UUID = '00000000-0000-0000-0000-000000000000';

const address = { street: '1 Compiler Row', city: 'Arlington', state: 'VA', zipCode: '22201', country: 'US' };

/** A customer with an email that is not in use. */
function newCustomer(values: Values) {
  return {
    customer: 'Grace Hopper Ltd',
    email: `accounts+${values.newSuffix()}@hopper.example`,
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

function example(
  operation: string,
  title: string,
  outcome: string,
  variables: Example['variables'],
): Example {
  return { operation, title, outcome, variables };
}

/** Run in this order, each leads to its outcome: those before it make the objects that it uses. */
export const examples: readonly Example[] = [
  example('CreateCustomer', 'Create a customer', 'Created', (values) => ({
    input: newCustomer(values),
    idempotencyKey: values.newId(),
  })),
  example('CreateCustomer', 'Several invalid fields', 'ValidationError', () => ({ input: invalidCustomer })),
  example('CreateSameEmailTwice', 'Email already in use', 'Conflict', (values) => ({
    input: newCustomer(values),
  })),
  example('CreateCustomers', 'One valid row, one invalid', 'CustomersCreated', (values) => ({
    inputs: [newCustomer(values), { customer: '', email: 'not an address' }],
    idempotencyKey: values.newId(),
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
  example('UpsertCustomer', 'Create or update by external ID', 'Created', (values) => ({
    input: { ...newCustomer(values), externalId: `crm-${values.newSuffix()}` },
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
  // Last in examples.graphql too: the requests before it read the customer.
  example('EraseCustomer', 'Erase the customer', 'Erased', ({ customer: { uuid } }) => ({ uuid })),
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
