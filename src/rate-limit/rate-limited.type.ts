import { Field, Int, ObjectType } from 'type-graphql';
import { errorCodes } from '../errors/error-codes.js';
import { ErrorType } from '../errors/error.type.js';
import { type Decision } from './limiter.js';
import { secondsToReset } from './request-limit.js';
import { DateTimeScalar } from '../validation/date-time.scalar.js';

@ObjectType({ simpleResolvers: true, description: "State of the client's rate limit." })
export class RateLimitDetails {
  @Field(() => Int, { description: 'Root fields allowed per window.' })
  readonly limit: number;

  @Field(() => Int, { description: 'Root fields remaining in the window.' })
  readonly remaining: number;

  @Field(() => DateTimeScalar, { description: 'When the next root field is allowed.' })
  readonly resetAt: Date;

  @Field(() => Int, { description: 'Seconds to wait before retrying.' })
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
  description: 'The client exceeded its rate limit. Nothing was done.',
})
export class RateLimited extends ErrorType {
  readonly message = 'Too many requests.';
  readonly code = errorCodes.RATE_LIMIT_EXCEEDED;

  @Field(() => RateLimitDetails, { description: "State of the client's rate limit." })
  readonly details: RateLimitDetails;

  constructor(decision: Decision) {
    super();
    this.details = new RateLimitDetails(decision);
  }
}
