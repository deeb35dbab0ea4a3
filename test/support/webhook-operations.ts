import { type SignedClient } from './signed-client.js';

const ENDPOINT = `{
  uuid url types description status disabledReason failingSince createdAt updatedAt
}`;

export const DELIVERIES = `{
  nodes {
    uuid eventId eventType status nextAttemptAt createdAt
    attempts { attemptedAt responseStatus durationMs error }
  }
  edges { cursor node { uuid } }
  pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
}`;

const ERROR = '... on Error { status message code }';

const REFUSALS = `
  ${ERROR}
  ... on ValidationError { errors { path message code } }
`;

export const CREATE_ENDPOINT = `
  mutation ($input: CreateWebhookEndpointInput!) {
    createWebhookEndpoint(input: $input) {
      __typename
      ... on WebhookEndpointCreated { status message secret data ${ENDPOINT} }
      ${REFUSALS}
      ... on Conflict { details { field } }
    }
  }`;

export const UPDATE_ENDPOINT = `
  mutation ($uuid: UUID!, $input: UpdateWebhookEndpointInput!) {
    updateWebhookEndpoint(uuid: $uuid, input: $input) {
      __typename
      ... on WebhookEndpointUpdated { status message data ${ENDPOINT} }
      ${REFUSALS}
      ... on NotFound { details { uuid } }
    }
  }`;

export const DELETE_ENDPOINT = `
  mutation ($uuid: UUID!) {
    deleteWebhookEndpoint(uuid: $uuid) {
      __typename
      ... on WebhookEndpointDeleted { status message data ${ENDPOINT} }
      ${ERROR}
      ... on NotFound { details { uuid } }
    }
  }`;

export const ROTATE_SECRET = `
  mutation ($uuid: UUID!, $overlapHours: Int) {
    rotateWebhookSecret(uuid: $uuid, overlapHours: $overlapHours) {
      __typename
      ... on WebhookSecretRotated { status message secret data ${ENDPOINT} }
      ${REFUSALS}
      ... on NotFound { details { uuid } }
    }
  }`;

export const SEND_TEST = `
  mutation ($uuid: UUID!) {
    sendTestEvent(uuid: $uuid) {
      __typename
      ... on WebhookDeliveryQueued {
        status message
        data { uuid eventId eventType status nextAttemptAt attempts { error } }
      }
      ${ERROR}
      ... on NotFound { details { uuid } }
      ... on Conflict { details { field } }
    }
  }`;

export const REDELIVER = `
  mutation ($uuid: UUID!) {
    redeliver(deliveryUuid: $uuid) {
      __typename
      ... on WebhookDeliveryQueued { status message data { uuid eventId eventType status nextAttemptAt } }
      ${ERROR}
      ... on NotFound { details { uuid } }
      ... on Conflict { details { field } }
    }
  }`;

export const ENDPOINTS = `query { webhookEndpoints ${ENDPOINT} }`;

export const ENDPOINT_WITH_DELIVERIES = `
  query ($uuid: UUID!, $first: Int, $after: String, $status: WebhookDeliveryStatus) {
    webhookEndpoint(uuid: $uuid) {
      uuid url types description status disabledReason failingSince createdAt updatedAt
      deliveries(first: $first, after: $after, status: $status) ${DELIVERIES}
    }
  }`;

/** An endpoint that was created. */
export interface CreatedEndpoint {
  readonly uuid: string;
  readonly secret: string;
}

/** Creates an endpoint. */
export async function createEndpoint(
  partner: SignedClient,
  url: string,
  input: Record<string, unknown> = {},
): Promise<CreatedEndpoint> {
  const { json } = await partner.send(CREATE_ENDPOINT, { input: { url, ...input } });
  const { data, secret } = json.data.createWebhookEndpoint;
  return { uuid: data.uuid, secret };
}

/** A delivery as the API shows it. */
export interface Delivery {
  readonly uuid: string;
  readonly eventId: string | null;
  readonly eventType: string | null;
  readonly status: string;
  readonly nextAttemptAt: string | null;
  readonly attempts: readonly {
    readonly responseStatus: number | null;
    readonly durationMs: number;
    readonly error: string | null;
  }[];
}

/** An endpoint with its latest deliveries. */
export async function readEndpoint(
  partner: SignedClient,
  uuid: string,
): Promise<{
  status: string;
  disabledReason: string | null;
  failingSince: string | null;
  deliveries: Delivery[];
}> {
  const { json } = await partner.send(ENDPOINT_WITH_DELIVERIES, { uuid, first: 100 });
  const { deliveries, ...endpoint } = json.data.webhookEndpoint;
  return { ...endpoint, deliveries: deliveries.nodes };
}
