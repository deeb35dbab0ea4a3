import { Entity, Index, PrimaryKey, Property, Trigger } from '@mikro-orm/decorators/legacy';
import { type ChangeDetails } from './change.js';
import { limits } from './limits.js';

/**
 * One change by an operator, stored by the transaction of the change. Entries have no foreign keys: they outlive the rows that they
 * name.
 */
@Entity()
@Index({ name: 'audit_entry_time_index', properties: ['createdAt', 'id'] })
@Trigger({
  // The database sets the time and the role, so that a process cannot backdate an entry or name another role.
  name: 'audit_entry_insert',
  timing: 'before',
  events: ['insert'],
  forEach: 'row',
  expression:
    'create trigger "audit_entry_insert" before insert on "audit_entry" for each row execute function stamp_audit_entry()',
})
@Trigger({
  // Applies to the owner of the table as well, who would have to remove the trigger first.
  name: 'audit_entry_append_only',
  timing: 'before',
  events: ['update', 'delete', 'truncate'],
  forEach: 'statement',
  expression:
    'create trigger "audit_entry_append_only" before update or delete or truncate on "audit_entry" for each statement execute function refuse_audit_change()',
})
export class AuditEntry {
  @PrimaryKey({ type: 'uuid' })
  id!: string;

  /** The beginning of the transaction, by the clock of PostgreSQL. */
  @Property({ type: 'datetime', length: 3, defaultRaw: 'now()' })
  createdAt!: Date;

  /** The role that connected to PostgreSQL. */
  @Property({ type: 'text', defaultRaw: 'session_user' })
  databaseRole!: string;

  /** `--as`, or the account and the host. */
  @Property({ type: 'string', length: limits.textLength })
  operator!: string;

  /** The account of the operating system. */
  @Property({ type: 'string', length: limits.textLength })
  account!: string;

  @Property({ type: 'string', length: limits.textLength })
  host!: string;

  /** The address of the SSH client, if the command ran in an SSH session. */
  @Property({ type: 'string', length: limits.addressLength, nullable: true })
  clientAddress: string | null = null;

  @Property({ type: 'integer' })
  pid!: number;

  /** The version of the gateway whose command ran. */
  @Property({ type: 'string', length: limits.versionLength })
  version!: string;

  /** The words of the command, joined by a period, such as `client.create`. */
  @Property({ type: 'string', length: limits.actionLength })
  action!: string;

  @Property({ type: 'uuid', nullable: true })
  teamId: string | null = null;

  @Property({ type: 'uuid', nullable: true })
  clientId: string | null = null;

  /** Other IDs and counts of the change. */
  @Property({ type: 'json' })
  details!: ChangeDetails;
}
