import { Extensions, Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import { RequiresScope } from '../../auth/requires-scope.js';
import { NodeType } from '../../validation/node.type.js';
import { UuidScalar } from '../../validation/uuid.scalar.js';
import { writableColumns } from '../columns.js';
import { CustomerSnapshotType } from './customer-snapshot.type.js';
import { CustomerEventType } from './event-type.js';
import { DateTimeScalar } from '../../validation/date-time.scalar.js';

registerEnumType(CustomerEventType, {
  name: 'CustomerEventType',
  description: 'What happened to a customer.',
  valuesConfig: {
    CREATED: { description: 'The customer was created.' },
    UPDATED: { description: 'Fields or contacts of the customer were updated.' },
    DELETED: { description: 'The customer was soft-deleted.' },
    RESTORED: { description: 'The soft-deleted customer was restored.' },
    ERASED: {
      description:
        'The personal data of the customer was erased. The customer and all its events have placeholders instead.',
    },
  },
});

@ObjectType({ simpleResolvers: true, description: 'A change of one field of a customer.' })
export class CustomerFieldChange {
  @Field(() => String, {
    description: 'Path of the field, such as `email`, `billingAddress.city`, `metadata` or `contacts`.',
  })
  readonly field!: string;

  @Field(() => String, {
    nullable: true,
    description:
      'Value before the change. For `metadata`, a JSON object; for `contacts`, a JSON array. `null` if the field was empty.',
  })
  readonly before!: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Value after the change, in the same form. `null` if the field is empty.',
  })
  readonly after!: string | null;
}

@ObjectType({
  simpleResolvers: true,
  description: 'Who made a change: a client in a request, or a command of the operator.',
})
export class CustomerEventActor {
  @Field(() => UuidScalar, {
    nullable: true,
    description: 'ID of the client (`x-client-id`). `null` for a command.',
  })
  readonly clientId!: string | null;

  @Field(() => UuidScalar, {
    nullable: true,
    description: "ID of the client's token. `null` for a command and for a token of an external issuer.",
  })
  readonly tokenId!: string | null;

  @Field(() => UuidScalar, {
    nullable: true,
    description: 'ID of the request (`X-Request-Id` of its response). `null` for a command.',
  })
  readonly requestId!: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Command of the operator, such as `import`. `null` for a request.',
  })
  readonly command!: string | null;
}

@RequiresScope('events:read')
@ObjectType('CustomerEvent', {
  simpleResolvers: true,
  implements: NodeType,
  description: 'A change of a customer.',
})
export class CustomerEventObject {
  @Field(() => ID, { description: "The event's ID, a UUID." })
  readonly id!: string;

  @Field(() => CustomerEventType, { description: 'What happened.' })
  readonly type!: CustomerEventType;

  @Field(() => Int, {
    description: "The customer's version after the change. Every change increments it by 1.",
  })
  readonly version!: number;

  @Field(() => DateTimeScalar, { description: 'Time of the change.' })
  readonly occurredAt!: Date;

  @Field(() => CustomerSnapshotType, {
    description:
      'The customer after the change. Once the customer is erased: the same ID, version and times, the name `Erased customer`, the email `<uuid>@erased.invalid`, and nothing else.',
  })
  readonly customer!: CustomerSnapshotType;

  @Extensions({ maxItems: writableColumns.length + 1 })
  @Field(() => [CustomerFieldChange], {
    description:
      'Changes of an update, one for each changed field. Empty for other types, and once the customer is erased.',
  })
  readonly changes!: readonly CustomerFieldChange[];

  @Field(() => CustomerEventActor, { description: 'Who made the change.' })
  readonly actor!: CustomerEventActor;
}

@ObjectType({ simpleResolvers: true, description: 'An event in a list, with its cursor.' })
export class CustomerEventEdge {
  @Field(() => String, { description: 'Cursor for `after`, valid until the event is removed.' })
  readonly cursor!: string;

  @Field(() => CustomerEventObject, { description: 'The event.' })
  readonly node!: CustomerEventObject;
}
