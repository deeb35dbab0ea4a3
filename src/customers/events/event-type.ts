/** What happened to a customer. */
export enum CustomerEventType {
  CREATED = 'CREATED',
  UPDATED = 'UPDATED',
  DELETED = 'DELETED',
  RESTORED = 'RESTORED',
  ERASED = 'ERASED',
}

/** Number of types, which is the maximum length of a list of them. */
export const EVENT_TYPES = Object.keys(CustomerEventType).length;
