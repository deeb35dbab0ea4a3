import { type Opt } from '@mikro-orm/core';
import { Entity, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { newUuid } from '../database/uuid.js';

/** A workspace: the owner of customers. No row of one team is ever visible to another. */
@Entity()
export class Team {
  @PrimaryKey({ type: 'uuid' })
  id: string = newUuid();

  @Property({ type: 'string', length: 255 })
  name!: string;

  @Property({ type: 'datetime', length: 3, defaultRaw: 'now()' })
  createdAt: Opt<Date> = new Date();
}
