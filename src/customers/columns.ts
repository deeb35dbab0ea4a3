import { type Column } from '../database/records.js';
import { type AddressPart, addressParts } from './address.entity.js';
import { type CustomerDraft, type TextField, textFields } from './customer-rules.js';
import { emailKey, nameKey, searchText } from './text-keys.js';

/** A customer to store. */
export type CustomerRow = Omit<CustomerDraft, 'contacts' | 'metadata'> & {
  readonly uuid: string;
  readonly metadata: readonly CustomerDraft['metadata'][number][];
};

/** A contact to store. `customer` is its customer's uuid. */
export type ContactRow = CustomerDraft['contacts'][number] & {
  readonly uuid: string;
  readonly customer: string;
  readonly position: number;
};

/** The addresses of a customer, which are columns of its row. */
export const addresses = ['billingAddress', 'shippingAddress'] as const;

/** A property that is a part of an embedded address, as statements name it. */
export type AddressProperty = `${(typeof addresses)[number]}.${AddressPart}`;

/** Columns of a customer that callers can write, in the order of the statements. */
export const writableColumns = [
  ...textFields.map((field): Column<CustomerRow, TextField> => [field, 'text', (row) => row[field]]),
  ['status', 'text', (row) => row.status],
  ['metadata', 'jsonb', (row) => Object.fromEntries(row.metadata.map(({ key, value }) => [key, value]))],
  ...addresses.flatMap((address) =>
    addressParts.map((part): Column<CustomerRow, AddressProperty> => [
      `${address}.${part}`,
      'text',
      (row) => row[address]?.[part] ?? null,
    ]),
  ),
] as const satisfies readonly Column<CustomerRow>[];

/** A property of a customer that callers can write. */
export type WritableProperty = (typeof writableColumns)[number][0];

/** Columns that are computed from others. Every statement that writes a customer writes these too. */
const computedColumns: readonly Column<CustomerRow>[] = [
  ['emailKey', 'text', (row) => emailKey(row.email)],
  ['nameKey', 'text', (row) => nameKey(row.customer)],
  ['searchText', 'text', (row) => searchText(row)],
];

/** All columns that an update of a customer writes. */
export const updatedColumns: readonly Column<CustomerRow>[] = [...writableColumns, ...computedColumns];

/** All columns of a customer's row except the team and those that PostgreSQL fills. */
export const customerColumns: readonly Column<CustomerRow>[] = [
  ['uuid', 'uuid', (row) => row.uuid],
  ...updatedColumns,
];

/** All columns of a contact's row. */
export const contactColumns: readonly Column<ContactRow>[] = [
  ['uuid', 'uuid', (row) => row.uuid],
  ['customer', 'uuid', (row) => row.customer],
  ['position', 'smallint', (row) => row.position],
  ['firstName', 'text', (row) => row.firstName],
  ['lastName', 'text', (row) => row.lastName],
  ['email', 'text', (row) => row.email],
  ['phone', 'text', (row) => row.phone],
  ['isPrimary', 'boolean', (row) => row.isPrimary],
];

/** Columns of a contact that belong to the contact itself, and not to its place in its customer. */
export const ownContactColumns = contactColumns.filter(
  ([property]) => property !== 'customer' && property !== 'position',
);
