import { type FilterQuery, type MikroORM, raw } from '@mikro-orm/postgresql';
import { Customer } from './customer.entity.js';
import { type CustomerType } from './customer.type.js';
import { clean, isStorable } from './text-rules.js';

/** A team's customer with this id, in one round trip. */
export async function findByUuid(orm: MikroORM, teamId: string, uuid: string): Promise<CustomerType | null> {
  return find(orm, { team: teamId, uuid });
}

/** A team's customer with this email, in any case, in one round trip. */
export async function findByEmail(
  orm: MikroORM,
  teamId: string,
  email: string,
): Promise<CustomerType | null> {
  const text = clean(email);
  if (!isStorable(text)) return null;
  return find(orm, { team: teamId, [raw((alias) => `lower(${alias}.email)`)]: raw('lower(?)', [text]) });
}

async function find(orm: MikroORM, where: FilterQuery<Customer>): Promise<CustomerType | null> {
  const row = await orm.em.fork().findOne(Customer, where, { populate: ['contacts'], strategy: 'joined' });
  if (!row) return null;
  return {
    uuid: row.uuid,
    customer: row.customer,
    email: row.email,
    mainPhone: row.mainPhone,
    website: row.website,
    status: row.status,
    billingAddress: row.billingAddress,
    shippingAddress: row.shippingAddress,
    contacts: row.contacts.getItems(),
    createdAt: row.createdAt,
    updatedAt: row.updatedAt,
  };
}
