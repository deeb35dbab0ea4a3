import { Embeddable, Property } from '@mikro-orm/decorators/legacy';
import { limits } from './limits.js';

/** A postal address, stored in its customer's row. Every part may be missing. */
@Embeddable()
export class Address {
  @Property({ type: 'string', length: limits.addressPart, nullable: true })
  street: string | null = null;

  @Property({ type: 'string', length: limits.addressPart, nullable: true })
  city: string | null = null;

  @Property({ type: 'string', length: limits.addressPart, nullable: true })
  state: string | null = null;

  @Property({ type: 'string', length: limits.zipCode, nullable: true })
  zipCode: string | null = null;

  @Property({ type: 'string', length: limits.addressPart, nullable: true })
  country: string | null = null;
}

/** The parts of an address, in the order in which statements name them. */
export const addressParts = [
  'street',
  'city',
  'state',
  'zipCode',
  'country',
] as const satisfies readonly (keyof Address)[];

export type AddressPart = (typeof addressParts)[number];
