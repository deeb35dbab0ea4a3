import { Field, ObjectType } from 'type-graphql';
import { errorCodes } from '../errors/error-codes.js';
import { ErrorType } from '../errors/error.type.js';
import { UuidScalar } from '../validation/uuid.scalar.js';

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
  description: 'The team has no such customer. Nothing was changed.',
})
export class NotFound extends ErrorType {
  readonly message: string;
  readonly code = errorCodes.CUSTOMER_NOT_FOUND;

  @Field(() => NotFoundDetails, { description: 'Details of the error.' })
  readonly details: NotFoundDetails;

  constructor(uuid: string, message = 'The team has no customer with this ID.') {
    super();
    this.message = message;
    this.details = new NotFoundDetails(uuid);
  }
}
