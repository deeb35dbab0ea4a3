import { addressParts } from '../address.entity.js';
import { addresses } from '../columns.js';
import { textFields } from '../customer-rules.js';

/** Columns of a customer's own fields, named as the paths of field errors are. The status comes after the website. */
export const textColumns = textFields.flatMap((field) =>
  field === 'website' ? ([field, 'status'] as const) : ([field] as const),
);

/** Columns that a file must have. */
export const requiredColumns = [
  'customer',
  'email',
] as const satisfies readonly (typeof textColumns)[number][];

/** The parts of the addresses, such as `billingAddress.street`. */
export const addressColumns = addresses.flatMap((address) =>
  addressParts.map((part) => ({ name: `${address}.${part}`, address, part }) as const),
);

/** The parts of a contact, in the order of their columns. */
export const contactFields = ['firstName', 'lastName', 'email', 'phone', 'isPrimary'] as const;

export type ContactField = (typeof contactFields)[number];

/** The column of a contact's part, such as `contacts.0.email`. */
export function contactColumn(index: number, part: ContactField): string {
  return `contacts.${index}.${part}`;
}

/** Prefix of the names of metadata columns, before the key. */
export const METADATA_PREFIX = 'metadata.';

/** Columns that an import adds to rejected rows. An import ignores them. */
export const rejectionColumns = ['line', 'problems'] as const;
