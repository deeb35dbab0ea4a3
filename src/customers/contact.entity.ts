import { type Ref } from '@mikro-orm/core';
import { Check, Entity, Index, ManyToOne, PrimaryKey, Property, Unique } from '@mikro-orm/decorators/legacy';
// oxlint-disable-next-line import/no-cycle -- the two ends of one relation name each other, lazily
import { Customer } from './customer.entity.js';
import { limits } from './limits.js';

/** A person at a customer. */
@Entity()
@Unique({ name: 'contact_customer_position_unique', properties: ['customer', 'position'] })
@Index({
  name: 'contact_one_primary_unique',
  expression:
    'create unique index "contact_one_primary_unique" on "contact" ("customer_id") where "is_primary"',
})
@Check({ name: 'contact_position_range', expression: `position >= 0 and position < ${limits.contacts}` })
export class Contact {
  @PrimaryKey({ type: 'uuid', fieldName: 'id' })
  uuid!: string;

  @ManyToOne({ entity: () => Customer, ref: true, deleteRule: 'cascade' })
  customer!: Ref<Customer>;

  /** Index in the customer's list, from 0. Contacts keep the order in which they were sent. */
  @Property({ type: 'smallint' })
  position!: number;

  @Property({ type: 'string', length: limits.name, nullable: true })
  firstName: string | null = null;

  @Property({ type: 'string', length: limits.name, nullable: true })
  lastName: string | null = null;

  @Property({ type: 'string', length: limits.email, nullable: true })
  email: string | null = null;

  @Property({ type: 'string', length: limits.phone, nullable: true })
  phone: string | null = null;

  @Property({ type: 'boolean', default: false })
  isPrimary = false;
}
