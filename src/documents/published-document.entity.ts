import { PrimaryKeyProp, type Ref } from '@mikro-orm/core';
import { Check, Entity, ManyToOne, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { ApiClient } from '../auth/api-client.entity.js';
import { limits } from './limits.js';

/** A document that a client may execute by its ID. Its source never changes: to replace it, it is removed and published again. */
@Entity()
@Check({ name: 'published_document_hash_length', expression: 'octet_length(hash) = 32' })
export class PublishedDocument {
  [PrimaryKeyProp]?: ['client', 'id'];

  @ManyToOne({ entity: () => ApiClient, ref: true, primary: true, deleteRule: 'cascade' })
  client!: Ref<ApiClient>;

  /** In the canonical form of `canonicalId`. */
  @PrimaryKey({ type: 'string', length: limits.idLength })
  id!: string;

  @Property({ type: 'text' })
  source!: string;

  /** SHA-256 of the source. */
  @Property({ type: 'blob' })
  hash!: Buffer;

  /** The names of its operations, without anonymous ones. */
  @Property({ type: 'array' })
  operationNames!: string[];

  /** When a manifest with the document was last published. */
  @Property({ type: 'datetime', length: 3, defaultRaw: 'now()' })
  publishedAt!: Date;
}
