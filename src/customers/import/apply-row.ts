import { isDeepStrictEqual } from 'node:util';
import { newUuid } from '../../database/uuid.js';
import { tooMany } from '../../validation/list-of.js';
import { addressParts } from '../address.entity.js';
import { mergeText, textFields } from '../customer-rules.js';
import { limits } from '../limits.js';
import { mergeMetadata } from '../metadata-rules.js';
import { type Address, type NewCustomer, type StoredContact, type StoredCustomer } from '../new-customer.js';
import { type CsvDraft } from '../csv/read-row.js';
import { type CustomerUpdate } from '../update/apply-update.js';
import { type Rejection } from './import-outcome.js';

/**
 * Applies a row to the current customer. A value that the row lacks is left unchanged, also a part of an address and a metadata key.
 * Contacts are replaced as a whole if the row has any that differ.
 *
 * @returns the update, or the rejection of a row with which the customer would have too much metadata.
 */
export function applyRow(current: StoredCustomer, row: CsvDraft): CustomerUpdate | Rejection {
  const { version, createdAt: _createdAt, updatedAt: _updatedAt, ...before } = current;
  const draft = merge(current, row);
  if (draft.metadata.length > limits.metadataEntries) {
    return { problems: [{ path: 'metadata', ...tooMany(limits.metadataEntries) }] };
  }
  return {
    draft,
    version,
    isChanged: !isDeepStrictEqual(draft, before),
    hasChangedContacts: draft.contacts !== current.contacts,
  };
}

function merge(current: StoredCustomer, { draft, hasStatus }: CsvDraft): NewCustomer {
  const values = textFields.map((field) => [field, draft[field] ?? undefined] as const);
  return {
    uuid: current.uuid,
    ...mergeText(current, Object.fromEntries(values)),
    status: hasStatus ? draft.status : current.status,
    metadata: mergeMetadata(current.metadata, draft.metadata),
    billingAddress: mergeAddress(current.billingAddress, draft.billingAddress),
    shippingAddress: mergeAddress(current.shippingAddress, draft.shippingAddress),
    contacts: mergeContacts(current.contacts, draft.contacts),
  };
}

function mergeAddress(current: Address | null, given: Address | null): Address | null {
  if (!current || !given) return given ?? current;
  const merged = { ...current };
  for (const part of addressParts) merged[part] = given[part] ?? current[part];
  return merged;
}

function mergeContacts(
  current: readonly StoredContact[],
  given: CsvDraft['draft']['contacts'],
): readonly StoredContact[] {
  const own = current.map(({ uuid: _uuid, ...contact }) => contact);
  if (given.length === 0 || isDeepStrictEqual(given, own)) return current;
  return given.map((contact) => ({ ...contact, uuid: newUuid() }));
}
