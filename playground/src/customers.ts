import { type Exchange } from './exchange.js';

/** What examples need to know about a customer. */
export interface SeenCustomer {
  readonly uuid: string;
  readonly email: string;
  readonly version: number;
  readonly externalId?: string | null;
}

/** Placeholder until a response contains a customer: the nil UUID (RFC 9562, 5.9). */
export const NO_CUSTOMER: SeenCustomer = {
  uuid: '00000000-0000-0000-0000-000000000000',
  email: 'nobody@hopper.example',
  version: 1,
};

/** The first customer in a response, at any depth. */
export function customerIn({ result }: Exchange): SeenCustomer | undefined {
  return search(result.data);
}

function search(value: unknown): SeenCustomer | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  if (isCustomer(value)) return value;
  for (const part of Object.values(value)) {
    const found = search(part);
    if (found) return found;
  }
  return undefined;
}

function isCustomer(value: object): value is SeenCustomer {
  return (
    'uuid' in value &&
    typeof value.uuid === 'string' &&
    'email' in value &&
    typeof value.email === 'string' &&
    'version' in value &&
    typeof value.version === 'number'
  );
}
