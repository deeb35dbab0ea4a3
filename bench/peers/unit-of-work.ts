import { type EntityManager, type MikroORM, raw, ref } from '@mikro-orm/postgresql';
import { Contact } from '../../dist/src/customers/contact.entity.js';
import { type NewCustomer, type StoredCustomer } from '../../dist/src/customers/new-customer.js';
import { type InsertCustomer } from '../../dist/src/customers/create/insert-customer.js';
import { type InsertCustomers } from '../../dist/src/customers/create/insert-customers.js';
import { Customer } from '../../dist/src/customers/customer.entity.js';

import { type Actor } from '../../dist/src/customers/events/actor.js';
import { CustomerEvent } from '../../dist/src/customers/events/customer-event.entity.js';
import { CustomerEventType } from '../../dist/src/customers/events/event-type.js';
import { type FindCustomer } from '../../dist/src/customers/find/find-customer.js';
import { type SelectCustomers } from '../../dist/src/customers/list/select-customers.js';
import { emailKey, nameKey, searchText } from '../../dist/src/customers/text-keys.js';
import { newUuid } from '../../dist/src/database/uuid.js';
import { Team } from '../../dist/src/teams/team.entity.js';

/** Stores a customer as the ORM's documentation shows it: create, flush. Stands in for `insert-customer`. */
export function prepareInsertCustomer(orm: MikroORM): InsertCustomer {
  return async (actor, draft) => {
    const em = orm.em.fork();
    const createdAt = new Date();
    create(em, actor, draft, createdAt);
    await em.flush();
    return { outcomes: ['CREATED'], createdAt, earlier: undefined };
  };
}

/** Stores many likewise, in one flush. Stands in for `insert-customers`. */
export function prepareInsertCustomers(orm: MikroORM): InsertCustomers {
  return async (actor, rows) => {
    const em = orm.em.fork();
    const createdAt = new Date();
    for (const row of rows) {
      if ('draft' in row) create(em, actor, row.draft, createdAt);
    }
    await em.flush();
    const outcomes = rows.map((row) => ('draft' in row ? 'CREATED' : 'INVALID'));
    return { outcomes, createdAt, earlier: undefined };
  };
}

/** Reads a customer as the ORM's documentation shows it. Stands in for `find-customer`. */
export function prepareFindCustomer(orm: MikroORM): Pick<FindCustomer, 'findById'> {
  return {
    async findById(teamId, uuid) {
      const em = orm.em.fork();
      const customer = await em.findOne(
        Customer,
        { team: teamId, uuid, deletedAt: null },
        { populate: ['contacts'] },
      );
      return customer && toType(customer);
    },
  };
}

/** Lists customers by name, which is all that the bench asks for. Stands in for `select-customers`. */
export function prepareSelectCustomers(orm: MikroORM): Pick<SelectCustomers, 'list'> {
  return {
    async list(teamId, _filter, { limit, offset = 0 }) {
      const customers = await orm.em.fork().find(
        Customer,
        { team: teamId, deletedAt: null },
        {
          populate: ['contacts'],
          orderBy: [{ nameKey: 'asc' }, { uuid: 'asc' }],
          limit,
          offset,
        },
      );
      return customers.map((customer) => ({
        customer: toType(customer),
        position: { key: customer.nameKey, uuid: customer.uuid },
      }));
    },
  };
}

function create(em: EntityManager, actor: Actor, draft: NewCustomer, now: Date): void {
  const { contacts, metadata, ...own } = draft;
  const customer = em.create(Customer, {
    ...own,
    emailKey: emailKey(own.email),
    nameKey: nameKey(own.customer),
    searchText: searchText(own),
    metadata: Object.fromEntries(metadata.map(({ key, value }) => [key, value])),
    team: ref(em.getReference(Team, actor.teamId)),
    createdAt: now,
    updatedAt: now,
  });
  for (const [position, contact] of contacts.entries()) {
    customer.contacts.add(em.create(Contact, { ...contact, position, customer: ref(customer) }));
  }
  em.create(CustomerEvent, {
    id: newUuid(),
    customerId: own.uuid,
    type: CustomerEventType.CREATED,
    version: 1,
    transaction: raw('pg_current_xact_id()::text::bigint'),
    occurredAt: now,
    customer: draft,
    previous: null,
    ...actor,
  });
}

/** The values of the entity, without the relations that lead back to it, and its JSON as the list that GraphQL wants. */
function toType(customer: Customer): StoredCustomer {
  const {
    team: _team,
    contacts,
    metadata,
    emailKey: _email,
    nameKey: _name,
    searchText: _search,
    transaction: _transaction,
    ...rest
  } = Object.assign({}, customer);
  return {
    ...rest,
    metadata: Object.entries(metadata).map(([key, value]) => ({ key, value })),
    contacts: contacts.getItems().map(({ uuid, firstName, lastName, email, phone, isPrimary }) => ({
      uuid,
      firstName,
      lastName,
      email,
      phone,
      isPrimary,
    })),
  };
}
