import { addressParts } from '../address.entity.js';
import { addresses, type WritableProperty } from '../columns.js';
import { type CreateCustomerInput } from '../create/create-customer.input.js';
import { textFields } from '../customer-rules.js';
import { providedMetadata } from '../metadata-rules.js';

/** The fields that an upsert provides. Omitted fields of an existing customer are left unchanged. */
export interface ProvidedFields {
  readonly properties: readonly Exclude<WritableProperty, 'metadata'>[];
  readonly contacts: boolean;
  /** Whether all metadata is removed before the provided pairs are set. */
  readonly clearsMetadata: boolean;
  /** Keys of metadata to remove. */
  readonly removedKeys: readonly string[];
}

/** Lists the provided fields of a valid input, including the parts of addresses and the keys of metadata. */
export function providedFields(input: CreateCustomerInput): ProvidedFields {
  return {
    properties: [
      ...textFields.filter((property) => input[property] !== undefined),
      // A status cannot be cleared: `null` counts as omitted.
      ...(input.status ? (['status'] as const) : []),
      ...addresses.flatMap((address) =>
        addressParts
          .filter((part) => input[address] === null || input[address]?.[part] !== undefined)
          .map((part) => `${address}.${part}` as const),
      ),
    ],
    contacts: input.contacts !== undefined,
    clearsMetadata: input.metadata === null,
    removedKeys: providedMetadata
      .parse(input.metadata)
      .filter(({ value }) => value === null)
      .map(({ key }) => key),
  };
}
