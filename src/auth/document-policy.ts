/** Which documents a client may send. */
export enum DocumentPolicy {
  /** Any document: as text, or the ID of a published one. */
  ANY = 'ANY',
  /** The IDs of published documents only. */
  PUBLISHED = 'PUBLISHED',
}
