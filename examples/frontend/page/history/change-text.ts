import type { CustomerDetailsFragment } from '../../generated/graphql';
import { contactText } from '../outcomes/customer-card';

type Contact = CustomerDetailsFragment['contacts'][number];

/** Names of fields that differ from those of the schema. */
const LABELS: ReadonlyMap<string, string> = new Map([
  ['customer', 'name'],
  ['externalId', 'external ID'],
  ['mainPhone', 'phone'],
  ['zipCode', 'postal code'],
]);

/** The label of a field, such as "Billing address, postal code" for `billingAddress.zipCode`. */
export function fieldLabel(path: string): string {
  const names = path.split('.').map((name) => LABELS.get(name) ?? separateWords(name));
  return capitalize(names.join(', '));
}

/** The text of a value before or after a change. */
export function valueText(field: string, value: string | null): string {
  return (value !== null && format(field, value)) || '(empty)';
}

/** The word for a value of an enum, such as "Updated" for `UPDATED`. */
export function wordOf(value: string): string {
  return capitalize(value.toLowerCase());
}

function format(field: string, value: string): string {
  if (field === 'status') return wordOf(value);
  if (field === 'contacts') {
    const contacts: readonly Contact[] = JSON.parse(value);
    return contacts.map((it) => contactText(it) + (it.isPrimary ? ' (primary)' : '')).join('; ');
  }
  if (field === 'metadata') {
    const entries = Object.entries<string>(JSON.parse(value));
    return entries.map(([key, text]) => `${key}: ${text}`).join('; ');
  }
  return value;
}

function separateWords(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

function capitalize(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}
