/** Everything a customer has. */
export const CUSTOMER = `{
  uuid customer email mainPhone website status externalId notes taxNumber paymentTerm
  metadata { key value }
  billingAddress { street city state zipCode country }
  shippingAddress { street city state zipCode country }
  contacts { uuid firstName lastName email phone isPrimary }
  version createdAt updatedAt
}`;

/** Everything a refusal has. */
const REFUSALS = `
  ... on Error { status message code }
  ... on ValidationError { errors { path message code } }
  ... on Conflict { details { field } }
`;

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
