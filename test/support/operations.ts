import { type SignedClient } from './signed-client.js';

/** The UUID of no object. */
export const UNKNOWN_UUID = '01890000-0000-7000-8000-000000000000';

/** Everything a customer has. */
export const CUSTOMER = `{
  uuid customer email mainPhone website status externalId notes taxNumber paymentTerm
  metadata { key value }
  billingAddress { street city state zipCode country }
  shippingAddress { street city state zipCode country }
  contacts { uuid firstName lastName email phone isPrimary }
  version createdAt updatedAt
}`;

export const READ_CUSTOMER = `query ($uuid: UUID!) { customer(uuid: $uuid) ${CUSTOMER} }`;

/** The customer with this id as a read answers it now. */
export async function readCustomer(partner: SignedClient, uuid: string | undefined) {
  const answer = await partner.send(READ_CUSTOMER, { uuid });
  return answer.json.data.customer;
}

/** Everything a refusal has. */
const REFUSALS = `
  ... on Error { status message code }
  ... on ValidationError { errors { path message code } }
  ... on Conflict { details { field currentVersion } }
`;

const NOT_FOUND = '... on NotFound { details { uuid } }';

const RATE_LIMITED = '... on RateLimited { details { limit remaining resetAt retryAfterSeconds } }';

const CREATED = `... on Created { status message replayed data ${CUSTOMER} }`;

/** Asks for everything each outcome has. */
export const CREATE_CUSTOMER = `
  mutation CreateCustomer($input: CreateCustomerInput!, $idempotencyKey: String) {
    createCustomer(input: $input, idempotencyKey: $idempotencyKey) {
      __typename ${CREATED} ${REFUSALS} ${RATE_LIMITED}
    }
  }`;

export const CREATE_CUSTOMERS = `
  mutation CreateCustomers($inputs: [CreateCustomerInput!]!, $idempotencyKey: String) {
    createCustomers(inputs: $inputs, idempotencyKey: $idempotencyKey) {
      __typename
      ... on CustomersCreated {
        status message successCount errorCount
        results { __typename ${CREATED} ${REFUSALS} }
      }
      ${REFUSALS} ${RATE_LIMITED}
    }
  }`;

const UPDATED = `... on Updated { status message data ${CUSTOMER} }`;

export const UPDATE_CUSTOMER = `
  mutation UpdateCustomer($uuid: UUID!, $input: UpdateCustomerInput!) {
    updateCustomer(uuid: $uuid, input: $input) {
      __typename ${UPDATED} ${REFUSALS} ${NOT_FOUND} ${RATE_LIMITED}
    }
  }`;

export const UPDATE_CUSTOMERS = `
  mutation UpdateCustomers($inputs: [UpdateCustomersItemInput!]!) {
    updateCustomers(inputs: $inputs) {
      __typename
      ... on CustomersUpdated {
        status message successCount errorCount
        results { __typename ${UPDATED} ${REFUSALS} ${NOT_FOUND} }
      }
      ... on Error { status message code }
      ... on ValidationError { errors { path message code } }
      ${RATE_LIMITED}
    }
  }`;

export const DELETE_CUSTOMER = `
  mutation DeleteCustomer($uuid: UUID!) {
    deleteCustomer(uuid: $uuid) {
      __typename
      ... on Deleted { status message data ${CUSTOMER} }
      ... on Error { status message code }
      ${NOT_FOUND} ${RATE_LIMITED}
    }
  }`;

export const RESTORE_CUSTOMER = `
  mutation RestoreCustomer($uuid: UUID!) {
    restoreCustomer(uuid: $uuid) {
      __typename
      ... on Restored { status message data ${CUSTOMER} }
      ... on Error { status message code }
      ... on Conflict { details { field currentVersion } }
      ${NOT_FOUND} ${RATE_LIMITED}
    }
  }`;

export const ERASE_CUSTOMER = `
  mutation EraseCustomer($uuid: UUID!) {
    eraseCustomer(uuid: $uuid) {
      __typename
      ... on Erased {
        status message
        data {
          customerUuid erasedAt eventUuid contactCount eventCount idempotencyKeyCount
          actor { clientId tokenId requestId command }
        }
      }
      ... on Error { status message code }
      ${NOT_FOUND} ${RATE_LIMITED}
    }
  }`;

export const UPSERT_CUSTOMER = `
  mutation UpsertCustomer($input: CreateCustomerInput!, $by: CustomerKey!) {
    upsertCustomer(input: $input, by: $by) {
      __typename ${CREATED} ${UPDATED} ${REFUSALS} ${RATE_LIMITED}
    }
  }`;
