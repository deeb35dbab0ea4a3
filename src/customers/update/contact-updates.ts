import { z } from 'zod';
import { newUuid } from '../../database/uuid.js';
import { FieldErrorCode } from '../../validation/field-error-code.js';
import { duplicate, listOf, tooMany } from '../../validation/list-of.js';
import { report } from '../../validation/text-rules.js';
import { contact, contactRules, isEmptyContact, emptyContact, multiplePrimary } from '../contact-rules.js';
import { type StoredContact } from '../new-customer.js';
import { limits } from '../limits.js';
import { providedOr } from './provided-or.js';

const uuid = z.string().toLowerCase();

/** Rules for updates of contacts that do not depend on the current contacts. */
export const contactUpdates = z.object({
  add: listOf(contact, limits.contacts),
  update: listOf(contactRules.partial().extend({ uuid }), limits.contacts),
  remove: listOf(uuid, limits.contacts),
});

export type ContactUpdates = z.output<typeof contactUpdates>;

/** An updated or unchanged contact, and its path in the updates if it has one. */
interface MergedContact {
  readonly contact: StoredContact;
  readonly path?: readonly PropertyKey[];
}

/** Applies updates to contacts: the remaining ones in their order, then the added ones. */
export function mergeContacts(
  current: readonly StoredContact[],
  { add, update, remove }: ContactUpdates,
): MergedContact[] {
  const places = new Map(update.map((change, index) => [change.uuid, { change, path: ['update', index] }]));
  const kept = current
    .filter(({ uuid: id }) => !remove.includes(id))
    .map((one): MergedContact => {
      const place = places.get(one.uuid);
      return place ? { contact: changed(one, place.change), path: place.path } : { contact: one };
    });
  const added = add.map((one, index) => ({ contact: { ...one, uuid: newUuid() }, path: ['add', index] }));
  return [...kept, ...added];
}

function changed(current: StoredContact, update: ContactUpdates['update'][number]): StoredContact {
  return {
    uuid: current.uuid,
    firstName: providedOr(update.firstName, current.firstName),
    lastName: providedOr(update.lastName, current.lastName),
    email: providedOr(update.email, current.email),
    phone: providedOr(update.phone, current.phone),
    isPrimary: providedOr(update.isPrimary, current.isPrimary),
  };
}

/** Reports the errors of updates that depend on the current contacts. */
export function checkContacts(
  context: z.RefinementCtx,
  current: readonly StoredContact[],
  changes: ContactUpdates,
): void {
  checkIds(context, current, changes);
  const outcomes = mergeContacts(current, changes);
  if (outcomes.length > limits.contacts) report(context, tooMany(limits.contacts), ['contacts']);
  for (const { contact: one, path } of outcomes) {
    if (path?.[0] === 'update' && isEmptyContact(one)) report(context, emptyContact, ['contacts', ...path]);
  }
  // A primary contact that is not updated takes precedence, otherwise the first updated one.
  const primaries = outcomes.filter(({ contact: { isPrimary } }) => isPrimary);
  const first = primaries.find(({ path }) => !path) ?? primaries[0];
  for (const one of primaries) {
    if (one !== first && one.path) report(context, multiplePrimary, ['contacts', ...one.path, 'isPrimary']);
  }
}

function checkIds(
  context: z.RefinementCtx,
  current: readonly StoredContact[],
  { update, remove }: ContactUpdates,
): void {
  const known = new Set(current.map(({ uuid: id }) => id));
  const named = new Set<string>();
  const check = (id: string, path: PropertyKey[]) => {
    if (!known.has(id)) report(context, unknown, path);
    else if (named.has(id)) report(context, duplicate, path);
    named.add(id);
  };
  for (const [index, change] of update.entries()) check(change.uuid, ['contacts', 'update', index, 'uuid']);
  for (const [index, id] of remove.entries()) check(id, ['contacts', 'remove', index]);
}

const unknown = { code: FieldErrorCode.NOT_FOUND, message: 'must be the ID of a contact of this customer' };
