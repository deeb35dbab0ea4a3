import { Collection, type Ref } from '@mikro-orm/core';
import {
  Check,
  Embedded,
  Entity,
  Enum,
  Index,
  ManyToOne,
  OneToMany,
  PrimaryKey,
  Property,
} from '@mikro-orm/decorators/legacy';
import { Team } from '../teams/team.entity.js';
import { Address } from './address.entity.js';
// oxlint-disable-next-line import/no-cycle -- the two ends of one relation name each other, lazily
import { Contact } from './contact.entity.js';
import { CustomerStatus } from './customer-status.js';
import { limits } from './limits.js';

/** A customer of one team. */
@Entity()
@Index({
  name: 'customer_team_email_unique',
  expression: 'create unique index "customer_team_email_unique" on "customer" ("team_id", lower("email"))',
})
@Check({ name: 'customer_name_not_blank', expression: `btrim(name) <> ''` })
@Check({ name: 'customer_email_not_blank', expression: `btrim(email) <> ''` })
export class Customer {
  @PrimaryKey({ type: 'uuid', fieldName: 'id' })
  uuid!: string;

  @ManyToOne({ entity: () => Team, ref: true })
  team!: Ref<Team>;

  /** The customer's name; `customer` is the field's word for it in the API. */
  @Property({ type: 'string', fieldName: 'name', length: limits.name })
  customer!: string;

  /** As the caller wrote it; unique in the team without regard to case. */
  @Property({ type: 'string', length: limits.email })
  email!: string;

  @Property({ type: 'string', length: limits.phone, nullable: true })
  mainPhone: string | null = null;

  @Property({ type: 'string', length: limits.website, nullable: true })
  website: string | null = null;

  @Enum({ items: () => CustomerStatus, default: CustomerStatus.ACTIVE })
  status: CustomerStatus = CustomerStatus.ACTIVE;

  @Embedded({ entity: () => Address, prefix: 'billing_', nullable: true })
  billingAddress: Address | null = null;

  @Embedded({ entity: () => Address, prefix: 'shipping_', nullable: true })
  shippingAddress: Address | null = null;

  @OneToMany({ entity: () => Contact, mappedBy: 'customer', orderBy: { position: 'asc' } })
  contacts = new Collection<Contact>(this);

  @Property({ type: 'datetime', length: 3, defaultRaw: 'now()' })
  createdAt!: Date;

  @Property({ type: 'datetime', length: 3, defaultRaw: 'now()' })
  updatedAt!: Date;
}
