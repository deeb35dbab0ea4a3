import { type Opt, OptionalProps } from '@mikro-orm/core';
import { Entity, Enum, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { newUuid } from '../database/uuid.js';
import { DocumentPolicy } from './document-policy.js';

/** A partner app. Its ID is the public `x-client-id`. Its secrets, {@link ClientSecret}, sign requests. */
@Entity()
export class ApiClient {
  [OptionalProps]?: 'documentPolicy';

  @PrimaryKey({ type: 'uuid' })
  id: string = newUuid();

  @Property({ type: 'string', length: 255 })
  name!: string;

  @Property({ type: 'datetime', length: 3, defaultRaw: 'now()' })
  createdAt: Opt<Date> = new Date();

  @Property({ type: 'datetime', length: 3, nullable: true })
  revokedAt: Date | null = null;

  @Enum({ items: () => DocumentPolicy, default: DocumentPolicy.ANY })
  documentPolicy: DocumentPolicy = DocumentPolicy.ANY;

  /**
   * Changes with every change of the client's published documents, so that gateways read their list only then. Null until a document is
   * published. Random, so that a restored backup has no version that gateways know with other documents.
   */
  @Property({ type: 'uuid', nullable: true })
  documentsVersion: string | null = null;
}
