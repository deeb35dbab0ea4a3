import { GraphQLDateTime } from 'graphql-scalars';
import { Field, Int, ObjectType } from 'type-graphql';
import { errorCodes } from '../errors/error-codes.js';
import { ErrorType } from '../errors/error.type.js';
import { type Decision } from './limiter.js';
import { secondsToReset } from './request-limit.js';

@ObjectType({ simpleResolvers: true, description: "The state of a client's limit." })
export class RateLimitDetails {
  @Field(() => Int, { description: 'Root fields that the client may run in a window.' })
  readonly limit: number;

  @Field(() => Int, { description: 'Root fields left now.' })
  readonly remaining: number;

  @Field(() => GraphQLDateTime, { description: 'When the next root field is allowed.' })
  readonly resetAt: Date;

  @Field(() => Int, { description: 'Seconds to wait before trying again.' })
  readonly retryAfterSeconds: number;

  constructor(decision: Decision) {
    this.limit = decision.limit;
    this.remaining = decision.remaining;
    this.resetAt = new Date(Date.now() + decision.resetMs);
    this.retryAfterSeconds = secondsToReset(decision);
  }
}

@ObjectType({
  simpleResolvers: true,
  implements: ErrorType,
  description: 'The client has used up its limit for now. Nothing was done.',
})
export class RateLimited extends ErrorType {
  readonly message = 'Too many requests.';
  readonly code = errorCodes.RATE_LIMIT_EXCEEDED;

  @Field(() => RateLimitDetails, { description: 'How long to wait, and for what.' })
  readonly details: RateLimitDetails;

  constructor(decision: Decision) {
    super();
    this.details = new RateLimitDetails(decision);
  }
}
