import { z } from 'zod';
import { CustomerEventType } from '../../customers/events/event-type.js';
import { CustomerStatus } from '../../customers/customer-status.js';
import { type StoredCustomer } from '../../customers/new-customer.js';
import { type SentEvent } from '../../webhooks/send/webhook-body.js';

const text = z.string().nullable();
const time = z.iso.datetime().transform((value) => new Date(value));

const address = z.object({ street: text, city: text, state: text, zipCode: text, country: text });

/** A customer of a response. The compiler reports a field that is missing here. */
const customer = z.object({
  uuid: z.string(),
  customer: z.string(),
  email: z.string(),
  mainPhone: text,
  website: text,
  externalId: text,
  notes: text,
  taxNumber: text,
  paymentTerm: text,
  status: z.enum(CustomerStatus),
  metadata: z.array(z.object({ key: z.string(), value: z.string() })),
  billingAddress: address.nullable(),
  shippingAddress: address.nullable(),
  contacts: z.array(
    z.object({
      uuid: z.string(),
      firstName: text,
      lastName: text,
      email: text,
      phone: text,
      isPrimary: z.boolean(),
    }),
  ),
  version: z.number(),
  createdAt: time,
  updatedAt: time,
}) satisfies z.ZodType<StoredCustomer>;

const event = z.object({
  id: z.string(),
  type: z.enum(CustomerEventType),
  version: z.number(),
  occurredAt: time,
  customer,
  changes: z.array(z.object({ field: z.string(), before: text, after: text })),
}) satisfies z.ZodType<SentEvent>;

/** A page of `customerEvents`. */
export const eventPage = z.object({
  nodes: z.array(event),
  pageInfo: z.object({ endCursor: text, hasNextPage: z.boolean() }),
});

/** The selection set that asks for every field of a type, so that a query cannot omit a field that is read. Empty for a scalar. */
export function selectionOf(type: z.core.$ZodType): string {
  if (type instanceof z.ZodNullable || type instanceof z.ZodArray) return selectionOf(type.unwrap());
  if (!(type instanceof z.ZodObject)) return '';
  const shape: Readonly<Record<string, z.core.$ZodType>> = type.shape;
  return `{ ${Object.entries(shape)
    .map(([name, field]) => `${name} ${selectionOf(field)}`)
    .join(' ')} }`;
}
