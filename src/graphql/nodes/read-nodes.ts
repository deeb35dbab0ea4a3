import { validate } from 'uuid';
import { callerOf } from '../../auth/auth-context.js';
import { type CustomerEventObject } from '../../customers/events/customer-event.type.js';
import { type ContactType, type CustomerType } from '../../customers/customer.type.js';
import { type FindCustomer } from '../../customers/find/find-customer.js';
import { type FindMany } from '../../customers/find/find-many.js';
import { type StoredCustomer } from '../../customers/new-customer.js';
import { type WebhookEndpointType } from '../../webhooks/endpoints/webhook-endpoint.type.js';
import { type GatewayContext } from '../context.js';

/** An object, with the name of its type. */
export type FoundNode =
  | ({ readonly __typename: 'Customer' } & CustomerType)
  | ({ readonly __typename: 'Contact' } & ContactType)
  | ({ readonly __typename: 'CustomerEvent' } & CustomerEventObject)
  | ({ readonly __typename: 'WebhookEndpoint' } & WebhookEndpointType);

/**
 * Reads objects by their IDs: those of the caller's team, and of endpoints those of its client. Customers take one statement; for IDs of
 * no customer three more follow at the same time.
 *
 * @returns for each ID its object, or null.
 * @throws {ResponseTooLarge} when the objects have more bytes than may be read for a response.
 */
export async function readNodes(
  { customers, webhooks, response, heavyTurn, ...context }: GatewayContext,
  ids: readonly string[],
): Promise<(FoundNode | null)[]> {
  const caller = callerOf(context);
  const { teamId } = caller;
  const found = new Map<string, FoundNode>();
  const uuids = ids.map(toUuid);
  let missing = [...new Set(uuids.filter((uuid) => uuid !== undefined))];
  const add = (nodes: readonly (readonly [id: string, node: FoundNode])[]): void => {
    response.addRows(nodes.map(([, node]) => node));
    for (const [id, node] of nodes) found.set(id, node);
    missing = missing.filter((id) => !found.has(id));
  };

  if (missing.length === 0) return ids.map(() => null);
  if (missing.length > 1) await heavyTurn.take();
  const maxBytes = response.rowsLimit;
  const read = await findCustomers(customers, teamId, missing, maxBytes);
  add(read.map((customer) => [customer.uuid, named('Customer', customer)]));
  if (missing.length > 0) {
    const [contacts, events, endpoints] = await Promise.all([
      customers.findContacts(teamId, missing),
      customers.findEvents(teamId, missing, maxBytes),
      webhooks.endpoints.list(caller),
    ]);
    add(contacts.map((contact) => [contact.uuid, named('Contact', contact)]));
    add(events.map((event) => [event.id, named('CustomerEvent', event)]));
    add(endpoints.map((endpoint) => [endpoint.uuid, named('WebhookEndpoint', endpoint)]));
  }
  return uuids.map((uuid) => found.get(uuid ?? '') ?? null);
}

/** One customer is read as by `customer`: concurrent calls share a statement. */
async function findCustomers(
  customers: FindCustomer & FindMany,
  teamId: string,
  uuids: readonly string[],
  maxBytes: number,
): Promise<StoredCustomer[]> {
  const [uuid, ...others] = uuids;
  if (uuid === undefined || others.length > 0) return customers.findManyById(teamId, uuids, maxBytes);
  const customer = await customers.findById(teamId, uuid);
  return customer ? [customer] : [];
}

/** The ID as PostgreSQL writes it. Undefined for a text that is no UUID, so the ID of no object. */
const toUuid = (id: string): string | undefined => (validate(id) ? id.toLowerCase() : undefined);

const named = <Name extends string, Node extends object>(__typename: Name, node: Node) =>
  Object.assign(node, { __typename });
