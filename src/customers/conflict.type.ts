import { Field, Int, ObjectType } from 'type-graphql';
import { errorCodes } from '../errors/error-codes.js';
import { ErrorType } from '../errors/error.type.js';

/** The conflicting field and the message of each code. */
const conflicts = {
  EMAIL_EXISTS: { field: 'email', message: 'A customer with this email already exists.' },
  EXTERNAL_ID_EXISTS: {
    field: 'externalId',
    message: 'A customer with this external ID already exists.',
  },
  VERSION_MISMATCH: {
    field: 'expectedVersion',
    message: 'The customer was updated after it was read. Read it again and retry.',
  },
  IDEMPOTENCY_KEY_REUSED: {
    field: 'idempotencyKey',
    message: 'This idempotency key was already used with a different input.',
  },
  CUSTOMER_ERASED: {
    field: 'uuid',
    message:
      'The customer was erased. It cannot be restored. To create it again, use `createCustomer` with another idempotency key.',
  },
  ENDPOINT_LIMIT_REACHED: {
    field: 'input',
    message: 'The client already has 10 webhook endpoints for this team, the maximum. Delete one first.',
  },
  ENDPOINT_DISABLED: {
    field: 'uuid',
    message:
      'The webhook endpoint is disabled. Enable it first: use `updateWebhookEndpoint` with `paused: false`.',
  },
} as const satisfies Partial<Record<keyof typeof errorCodes, { field: string; message: string }>>;

export type ConflictCode = keyof typeof conflicts;

@ObjectType({ simpleResolvers: true, description: 'Details of a `Conflict`.' })
export class ConflictDetails {
  @Field(() => String, { description: 'The conflicting input field or argument, such as `email`.' })
  readonly field: string;

  @Field(() => Int, {
    nullable: true,
    description: "For `VERSION_MISMATCH`, the customer's current version.",
  })
  readonly currentVersion: number | null;

  constructor(field: string, currentVersion: number | null) {
    this.field = field;
    this.currentVersion = currentVersion;
  }
}

@ObjectType({
  simpleResolvers: true,
  implements: ErrorType,
  description: 'The request conflicts with data the team already has. Nothing was stored.',
})
export class Conflict extends ErrorType {
  readonly message: string;
  readonly code: ConflictCode;

  @Field(() => ConflictDetails, { description: 'Details of the conflict.' })
  readonly details: ConflictDetails;

  constructor(
    code: ConflictCode,
    currentVersion: number | null = null,
    field: string = conflicts[code].field,
  ) {
    super();
    this.code = code;
    this.message = conflicts[code].message;
    this.details = new ConflictDetails(field, currentVersion);
  }
}
