import { createUnionType, Field, Int, ObjectType } from 'type-graphql';
import { RateLimited } from '../../rate-limit/rate-limited.type.js';
import { DateTimeScalar } from '../../validation/date-time.scalar.js';
import { UuidScalar } from '../../validation/uuid.scalar.js';
import { CustomerEventActor } from '../events/customer-event.type.js';
import { NotFound } from '../not-found.type.js';
import { type ErasureReceipt } from './erase-stored-customer.js';

@ObjectType({
  simpleResolvers: true,
  description: 'The receipt of an erasure. It has no personal data and is kept without a time limit.',
})
export class CustomerErasureReceipt {
  @Field(() => UuidScalar, { description: "The erased customer's ID." })
  readonly customerUuid: string;

  @Field(() => DateTimeScalar, { description: 'Time of the erasure.' })
  readonly erasedAt: Date;

  @Field(() => UuidScalar, { description: 'ID of the event of type `ERASED`.' })
  readonly eventUuid: string;

  @Field(() => Int, { description: 'Number of contacts removed.' })
  readonly contactCount: number;

  @Field(() => Int, {
    description: 'Number of earlier events whose customer and changes were replaced by placeholders.',
  })
  readonly eventCount: number;

  @Field(() => Int, {
    description: 'Number of idempotency keys replaced by a hash. A key is kept for about 24 hours.',
  })
  readonly idempotencyKeyCount: number;

  @Field(() => CustomerEventActor, { description: 'Who erased the customer.' })
  readonly actor: CustomerEventActor;

  constructor(receipt: ErasureReceipt) {
    const { clientId, tokenId, requestId, command } = receipt;
    this.customerUuid = receipt.customerId;
    this.erasedAt = receipt.erasedAt;
    this.eventUuid = receipt.eventId;
    this.contactCount = receipt.contacts;
    this.eventCount = receipt.events;
    this.idempotencyKeyCount = receipt.idempotencyKeys;
    this.actor = { clientId, tokenId, requestId, command };
  }
}

@ObjectType({
  simpleResolvers: true,
  description:
    'The personal data of the customer was erased, now or by an earlier call, which has the same receipt. The customer cannot be restored.',
})
export class Erased {
  @Field(() => String, { description: 'Always "success".' })
  readonly status: string = 'success';

  @Field(() => String, { description: 'Human-readable message.' })
  readonly message: string = 'Customer erased.';

  @Field(() => CustomerErasureReceipt, { description: 'What was removed, when and by whom.' })
  readonly data: CustomerErasureReceipt;

  constructor(receipt: ErasureReceipt) {
    this.data = new CustomerErasureReceipt(receipt);
  }
}

/** Result of `eraseCustomer`. */
export const EraseCustomerResult = createUnionType({
  name: 'EraseCustomerResult',
  description: 'Result of `eraseCustomer`.',
  types: () => [Erased, NotFound, RateLimited] as const,
});
