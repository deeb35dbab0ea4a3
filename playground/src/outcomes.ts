import { authenticationHelp } from './authentication-help.js';
import { errorHelp } from './error-help.js';
import { type Exchange } from './exchange.js';

/** One outcome in a response, explained. */
export interface Outcome {
  /** The member of the union, such as `Created`; otherwise an error code or the reason of a 401. */
  readonly name: string;
  /** Root field or alias that it belongs to, if there are several. */
  readonly field: string | undefined;
  readonly explanation: string;
  readonly isError: boolean;
  /** Where to read more: a type of the schema, or a code in the dialog "Error codes". */
  readonly reference: { readonly type: string } | { readonly code: string } | undefined;
}

/** Members that are not errors. */
const SUCCESSES: Readonly<Record<string, string>> = {
  Created: 'The customer was stored.',
  Updated: 'The customer was updated. Omitted fields were left unchanged.',
  Deleted: 'The customer was deleted. `restoreCustomer` restores it.',
  Restored: 'The customer was restored.',
  Erased: 'The personal data of the customer was erased. `data` is the receipt. It cannot be restored.',
  CustomersCreated:
    'Each row was processed independently. `results` has one outcome per row, in the order sent.',
  CustomersUpdated:
    'Each row was processed independently. `results` has one outcome per row, in the order sent.',
  WebhookEndpointCreated:
    'The endpoint was created. Store its `secret`, which verifies deliveries: it is not shown again.',
  WebhookEndpointUpdated: 'The endpoint was updated. Omitted fields were left unchanged.',
  WebhookEndpointDeleted: 'The endpoint and its deliveries were deleted.',
  WebhookSecretRotated:
    'The endpoint has a new secret. Store it: it is not shown again. Deliveries have a signature for each secret until the previous one expires.',
  WebhookDeliveryQueued:
    'The event will be sent to the endpoint. The attempts are in the `deliveries` of `webhookEndpoint`.',
};

/** Members that are errors, for a selection without `code`. */
const ERRORS: Readonly<Record<string, string>> = {
  ValidationError: 'VALIDATION_FAILED',
  RateLimited: 'RATE_LIMIT_EXCEEDED',
};

/** Members whose code has the explanation, for a selection without `code`. */
const WITHOUT_CODE: Readonly<Record<string, string>> = {
  Conflict:
    'The request conflicts with data the team already has. Nothing was stored. Select `code` to see the reason.',
  NotFound: 'No object with this ID exists for the caller. Nothing was changed. Check the ID.',
};

const REPLAYED =
  'The idempotency key was used before with the same input, so the original result was returned. Nothing was stored.';

/** Explains every root field of a response, and every GraphQL error. */
export function outcomesOf(exchange: Exchange): readonly Outcome[] {
  const help = authenticationHelp(exchange);
  if (help) {
    const reference = { code: 'UNAUTHENTICATED' };
    return [{ name: help.reason, field: undefined, explanation: help.advice, isError: true, reference }];
  }
  const roots = Object.entries(exchange.result.data ?? {});
  const isOnly = roots.length === 1;
  return [
    ...roots.flatMap(([field, value]) => outcomeOfField(isOnly ? undefined : field, value) ?? []),
    ...errorOutcomes(exchange),
  ];
}

function outcomeOfField(field: string | undefined, value: unknown): Outcome | undefined {
  if (typeof value !== 'object' || value === null || !('__typename' in value)) return undefined;
  const name = String(value.__typename);
  const explanation = explain(name, value);
  if (explanation === undefined) return undefined;
  return { name, field, explanation, isError: !Object.hasOwn(SUCCESSES, name), reference: { type: name } };
}

function explain(name: string, member: object): string | undefined {
  if ('replayed' in member && member.replayed === true) return REPLAYED;
  const code = 'code' in member ? member.code : ERRORS[name];
  return SUCCESSES[name] ?? errorHelp(code) ?? WITHOUT_CODE[name];
}

/** One for each code, however many errors have it. */
function errorOutcomes({ result }: Exchange): Outcome[] {
  const codes = new Set(result.errors?.map(({ extensions }) => extensions?.['code']));
  return [...codes].flatMap((code) => {
    const explanation = errorHelp(code);
    if (explanation === undefined) return [];
    const name = String(code);
    return [{ name, field: undefined, explanation, isError: true, reference: { code: name } }];
  });
}
