/** What happened to a customer. */
export enum CustomerEventType {
  CREATED = 'CREATED',
  UPDATED = 'UPDATED',
  DELETED = 'DELETED',
  RESTORED = 'RESTORED',
  ERASED = 'ERASED',
}
