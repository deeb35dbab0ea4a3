import { addressParts } from '../address.entity.js';
import { addresses, type WritableProperty } from '../columns.js';
import { type CreateCustomerInput } from '../create/create-customer.input.js';
import { textFields } from '../customer-rules.js';
import { providedMetadata } from '../metadata-rules.js';

/** What an input says of a customer that is there already; what it leaves out is to stay as it is. */
export interface ProvidedFields {
  readonly properties: readonly Exclude<WritableProperty, 'metadata'>[];
  readonly contacts: boolean;
  /** Whether all of the metadata is to go before what was sent is set. */
  readonly clearsMetadata: boolean;
  /** Keys of the metadata that are to go. */
  readonly removedKeys: readonly string[];
}

/** Looks what a valid input has, down to the parts of an address and the keys of the metadata. */
export function providedFields(input: CreateCustomerInput): ProvidedFields {
  return {
    properties: [
      ...textFields.filter((property) => input[property] !== undefined),
      // A status cannot be cleared: null is as good as nothing.
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
