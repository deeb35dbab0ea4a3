import { NIL_UUID, type Seen, type SeenCustomer } from '../../examples/examples.js';
import { type Exchange } from './exchange.js';

/** Placeholders until a response contains the objects. */
export const NOTHING_SEEN: Seen = {
  customer: { uuid: NIL_UUID, email: 'nobody@hopper.example', version: 1 },
  endpoint: NIL_UUID,
  delivery: NIL_UUID,
};

/** The first object of each kind in a response, at any depth; otherwise those seen before. */
export function seenIn({ result }: Exchange, before: Seen): Seen {
  return {
    customer: search(result.data, isCustomer) ?? before.customer,
    endpoint: search(result.data, isEndpoint)?.uuid ?? before.endpoint,
    delivery: search(result.data, isDelivery)?.uuid ?? before.delivery,
  };
}

function search<Found extends object>(
  value: unknown,
  isSearched: (value: object) => value is Found,
): Found | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  if (isSearched(value)) return value;
  for (const part of Object.values(value)) {
    const found = search(part, isSearched);
    if (found) return found;
  }
  return undefined;
}

function isCustomer(value: object): value is SeenCustomer {
  return (
    hasUuid(value) &&
    'email' in value &&
    typeof value.email === 'string' &&
    'version' in value &&
    typeof value.version === 'number'
  );
}

const isEndpoint = (value: object): value is { readonly uuid: string } => hasUuid(value) && 'url' in value;

const isDelivery = (value: object): value is { readonly uuid: string } =>
  hasUuid(value) && 'eventId' in value;

function hasUuid(value: object): value is { readonly uuid: string } {
  return 'uuid' in value && typeof value.uuid === 'string';
}
