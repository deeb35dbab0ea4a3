import { Collection, type Opt, type Ref } from '@mikro-orm/core';
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
import { uniqueIndexes, METADATA_CHECK } from './constraints.js';
// oxlint-disable-next-line import/no-cycle -- the two ends of one relation name each other, lazily
import { Contact } from './contact.entity.js';
import { CustomerStatus } from './customer-status.js';
import { limits } from './limits.js';
import { keyLimits } from './text-keys.js';

/** The collation of texts that are compared by their code points, independent of the locale of the database. */
const BY_CODE_POINT = 'C';

/** A partial index that excludes soft-deleted customers, so their email and external ID can be reused. */
function ofLiveCustomers(kind: 'index' | 'unique index', name: string, columns: string) {
  return { name, expression: `create ${kind} "${name}" on "customer" ${columns} where "deleted_at" is null` };
}

/** A customer of one team. */
@Entity()
@Index(ofLiveCustomers('unique index', uniqueIndexes.email, '("team_id", "email_key") include ("id")'))
@Index(ofLiveCustomers('unique index', uniqueIndexes.externalId, '("team_id", "external_id")'))
@Index(
  // Includes the columns that lists filter by, so that a search reads the index only. The rows of the table are ten times as large
  // and in another order.
  ofLiveCustomers(
    'index',
    'customer_live_name_key_index',
    '("team_id", "name_key", "id") include ("search_text", "status", "created_at", "updated_at")',
  ),
)
@Index(ofLiveCustomers('index', 'customer_live_created_at_index', '("team_id", "created_at", "id")'))
@Index(ofLiveCustomers('index', 'customer_live_updated_at_index', '("team_id", "updated_at", "id")'))
@Index({
  // For clients that poll for deletions. Customers that are not deleted cost it nothing.
  name: 'customer_deleted_updated_at_index',
  expression: `create index "customer_deleted_updated_at_index" on "customer" ("team_id", "updated_at", "id") where "deleted_at" is not null`,
})
@Index({
  name: 'customer_search_index',
  expression: `create index "customer_search_index" on "customer" using gin ("team_id", "search_text" gin_trgm_ops) where "deleted_at" is null`,
})
@Index({
  // For the erasure of deleted customers when their time is over. Other customers cost it nothing.
  name: 'customer_deleted_at_index',
  expression: `create index "customer_deleted_at_index" on "customer" ("deleted_at", "id") where "deleted_at" is not null and "erased_at" is null`,
})
@Check({ name: 'customer_erased_is_deleted', expression: 'erased_at is null or deleted_at is not null' })
@Check({ name: 'customer_name_not_blank', expression: `btrim(name) <> ''` })
@Check({ name: 'customer_email_not_blank', expression: `btrim(email) <> ''` })
@Check({
  name: METADATA_CHECK,
  expression: `jsonb_typeof(metadata) = 'object' and jsonb_array_length(jsonb_path_query_array(metadata, '$.keyvalue()')) <= ${limits.metadataEntries}`,
})
@Check({ name: 'customer_version_positive', expression: 'version > 0' })
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

  /** The customer's id in another system; unique in the team, and case counts. */
  @Property({ type: 'string', length: limits.externalId, nullable: true })
  externalId: string | null = null;

  @Property({ type: 'string', length: limits.notes, nullable: true })
  notes: string | null = null;

  @Property({ type: 'string', length: limits.taxNumber, nullable: true })
  taxNumber: string | null = null;

  @Property({ type: 'string', length: limits.paymentTerm, nullable: true })
  paymentTerm: string | null = null;

  /** Pairs of an integrator's own, as one JSON object of strings. */
  @Property({ type: 'json', defaultRaw: `'{}'` })
  metadata: Record<string, string> = {};

  @Embedded({ entity: () => Address, prefix: 'billing_', nullable: true })
  billingAddress: Address | null = null;

  @Embedded({ entity: () => Address, prefix: 'shipping_', nullable: true })
  shippingAddress: Address | null = null;

  @OneToMany({ entity: () => Contact, mappedBy: 'customer', orderBy: { position: 'asc' } })
  contacts = new Collection<Contact>(this);

  /** Incremented by every update, from 1. Detects concurrent updates. */
  @Property({ type: 'integer', default: 1 })
  version: Opt<number> = 1;

  /** `CustomerEvent.transaction` of the last change. */
  @Property({ type: 'bigint', defaultRaw: '((pg_current_xact_id())::text)::bigint' })
  transaction!: Opt<string>;

  @Property({ type: 'datetime', length: 3, defaultRaw: 'now()' })
  createdAt!: Date;

  @Property({ type: 'datetime', length: 3, defaultRaw: 'now()' })
  updatedAt!: Date;

  /** Whose email it is; unique in the team among customers that are not deleted. See `text-keys.ts` for all keys. */
  @Property({ type: 'string', length: keyLimits.email, collation: BY_CODE_POINT })
  emailKey!: string;

  /** The customer's place in the order by name. */
  @Property({ type: 'string', length: keyLimits.name, collation: BY_CODE_POINT })
  nameKey!: string;

  /** The text that is searched. */
  @Property({ type: 'string', length: keyLimits.search, collation: BY_CODE_POINT })
  searchText!: string;

  /** When the customer was deleted. Its row stays, to be restored; its email and external id are free. */
  @Property({ type: 'datetime', length: 3, nullable: true })
  deletedAt: Date | null = null;

  /** When the personal data was erased. The row stays without it, deleted for good. */
  @Property({ type: 'datetime', length: 3, nullable: true })
  erasedAt: Date | null = null;
}
