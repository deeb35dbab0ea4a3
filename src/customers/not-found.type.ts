import { Field, ObjectType } from 'type-graphql';
import { type errorCodes } from '../errors/error-codes.js';
import { ErrorType } from '../errors/error.type.js';
import { UuidScalar } from '../validation/uuid.scalar.js';

/** The message of each code. */
const messages = {
  CUSTOMER_NOT_FOUND: 'The team has no customer with this ID.',
  WEBHOOK_ENDPOINT_NOT_FOUND: 'The client has no webhook endpoint with this ID for the team.',
  WEBHOOK_DELIVERY_NOT_FOUND: 'The client has no delivery with this ID for the team.',
} as const satisfies Partial<Record<keyof typeof errorCodes, string>>;

type NotFoundCode = keyof typeof messages;

@ObjectType({ simpleResolvers: true, description: 'Details of a `NotFound` error.' })
export class NotFoundDetails {
  @Field(() => UuidScalar, { description: 'The requested ID.' })
  readonly uuid: string;

  constructor(uuid: string) {
    this.uuid = uuid;
  }
}

@ObjectType({
  simpleResolvers: true,
  implements: ErrorType,
  description: 'No object with this ID exists for the caller. Nothing was changed.',
})
export class NotFound extends ErrorType {
  readonly message: string;
  readonly code: NotFoundCode;

  @Field(() => NotFoundDetails, { description: 'Details of the error.' })
  readonly details: NotFoundDetails;

  constructor(uuid: string, code: NotFoundCode = 'CUSTOMER_NOT_FOUND', message: string = messages[code]) {
    super();
    this.code = code;
    this.message = message;
    this.details = new NotFoundDetails(uuid);
  }
}
