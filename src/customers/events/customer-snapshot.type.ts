import { Extensions, Field, ObjectType } from 'type-graphql';
import { ContactFields, CustomerFields } from '../customer.type.js';
import { limits } from '../limits.js';

@ObjectType('ContactSnapshot', {
  simpleResolvers: true,
  description: 'A contact person of a customer, as it was after a change.',
})
export class ContactSnapshotType extends ContactFields {}

// Not a `Customer`: caches of clients would store it as the customer of now.
@ObjectType('CustomerSnapshot', {
  simpleResolvers: true,
  description:
    'A customer as it was after a change. It has no `id`, so that client caches do not take it for the current customer.',
})
export class CustomerSnapshotType extends CustomerFields {
  @Extensions({ maxItems: limits.contacts })
  @Field(() => [ContactSnapshotType], {
    description: 'Contacts, at most 50, in the order in which they were added.',
  })
  contacts!: readonly ContactSnapshotType[];
}
