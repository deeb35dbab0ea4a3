import { type MikroORM, ref } from '@mikro-orm/postgresql';
import { v7 as uuidv7 } from 'uuid';
import { Contact } from '../../dist/src/customers/contact.entity.js';
import { Customer } from '../../dist/src/customers/customer.entity.js';
import { type CustomerType } from '../../dist/src/customers/customer.type.js';
import { type CustomerDraft } from '../../dist/src/customers/customer-rules.js';
import { Team } from '../../dist/src/teams/team.entity.js';

/** Stores a customer as the ORM's documentation shows it: create, flush. Stands in for `insert-customer`. */
export function prepareInsertCustomer(orm: MikroORM) {
  return async (teamId: string, draft: CustomerDraft): Promise<CustomerType> => {
    const em = orm.em.fork();
    const { contacts, metadata, ...own } = draft;
    const now = new Date();
    const customer = em.create(Customer, {
      ...own,
      metadata: Object.fromEntries(metadata.map(({ key, value }) => [key, value])),
      uuid: uuidv7(),
      team: ref(em.getReference(Team, teamId)),
      createdAt: now,
      updatedAt: now,
    });
    for (const [position, contact] of contacts.entries()) {
      customer.contacts.add(
        em.create(Contact, { ...contact, uuid: uuidv7(), position, customer: ref(customer) }),
      );
    }
    await em.flush();
    return withContacts(customer);
  };
}

/** Reads a customer as the ORM's documentation shows it. Stands in for `find-customer`. */
export async function prepareFindCustomer(orm: MikroORM) {
  return {
    async byUuid(teamId: string, uuid: string): Promise<CustomerType | null> {
      const row = await orm.em.fork().findOne(Customer, { team: teamId, uuid }, { populate: ['contacts'] });
      return row && withContacts(row);
    },
  };
}

/** The entity with its collection and its JSON as the lists that GraphQL wants. */
function withContacts(customer: Customer): CustomerType {
  const { contacts, metadata, ...rest } = Object.assign({}, customer);
  return {
    ...rest,
    metadata: Object.entries(metadata).map(([key, value]) => ({ key, value })),
    contacts: contacts.getItems(),
  };
}
