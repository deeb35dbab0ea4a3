import { randomUUID } from 'node:crypto';
import { type EntityManager, ref, UniqueConstraintViolationException } from '@mikro-orm/postgresql';
import { GraphQLUUID } from 'graphql-scalars';
import { Arg, Ctx, FieldResolver, Int, Mutation, Query, Resolver, Root, UseMiddleware } from 'type-graphql';
import { Contact } from '../../../dist/src/customers/contact.entity.js';
import { CustomerStatus } from '../../../dist/src/customers/customer-status.js';
import { Customer } from '../../../dist/src/customers/customer.entity.js';
import { emailKey, nameKey, searchText } from '../../../dist/src/customers/text-keys.js';
import { Team } from '../../../dist/src/teams/team.entity.js';
import { check } from './check.ts';
import { rateLimit, type StockContext } from './context.ts';
import { CreateCustomerInput } from './customer.input.ts';
import {
  ContactType,
  CustomerOrderField,
  CustomerPage,
  CustomerType,
  MetadataEntry,
} from './customer.type.ts';
import {
  Conflict,
  Created,
  CreateCustomerResult,
  CreateCustomersResult,
  CustomersCreated,
  ValidationError,
} from './results.ts';

@Resolver(() => CustomerType)
export class CustomerResolver {
  @Mutation(() => CreateCustomerResult)
  @UseMiddleware(rateLimit)
  createCustomer(
    @Arg('input', () => CreateCustomerInput) input: CreateCustomerInput,
    @Ctx() { em, teamId }: StockContext,
  ): Promise<typeof CreateCustomerResult> {
    return create(em, teamId, input);
  }

  /** Each row has a unit of work of its own, so that one that fails leaves the others as they are. */
  @Mutation(() => CreateCustomersResult)
  @UseMiddleware(rateLimit)
  async createCustomers(
    @Arg('inputs', () => [CreateCustomerInput]) inputs: CreateCustomerInput[],
    @Ctx() { em, teamId }: StockContext,
  ): Promise<typeof CreateCustomersResult> {
    const rows: (typeof CreateCustomerResult)[] = [];
    for (const input of inputs) rows.push(await create(em.fork(), teamId, input));
    return new CustomersCreated(rows);
  }

  @Query(() => CustomerType, { nullable: true })
  @UseMiddleware(rateLimit)
  customer(
    @Arg('uuid', () => GraphQLUUID) uuid: string,
    @Ctx() { em, teamId }: StockContext,
  ): Promise<object | null> {
    return em.findOne(Customer, { team: teamId, uuid, deletedAt: null }, { populate: ['contacts'] });
  }

  @Query(() => CustomerPage)
  @UseMiddleware(rateLimit)
  async customers(
    @Arg('page', () => Int) page: number,
    @Arg('limit', () => Int) limit: number,
    @Arg('orderBy', () => CustomerOrderField) _orderBy: keyof typeof CustomerOrderField,
    @Ctx() { em, teamId }: StockContext,
  ): Promise<object> {
    const records = await em.find(
      Customer,
      { team: teamId, deletedAt: null },
      {
        populate: ['contacts'],
        orderBy: [{ nameKey: 'asc' }, { uuid: 'asc' }],
        limit,
        offset: (page - 1) * limit,
      },
    );
    return { page, limit, records };
  }

  @FieldResolver(() => [MetadataEntry])
  metadata(@Root() { metadata }: Customer): MetadataEntry[] {
    return Object.entries(metadata).map(([key, value]) => ({ key, value }));
  }

  @FieldResolver(() => [ContactType])
  contacts(@Root() { contacts }: Customer): ContactType[] {
    return contacts.getItems();
  }
}

async function create(
  em: EntityManager,
  teamId: string,
  input: CreateCustomerInput,
): Promise<typeof CreateCustomerResult> {
  const errors = await check(input);
  if (errors.length > 0) return new ValidationError(errors);
  const { contacts, metadata, status, ...own } = input;
  const customer = em.create(Customer, {
    ...own,
    uuid: randomUUID(),
    team: ref(em.getReference(Team, teamId)),
    status: status ?? CustomerStatus.ACTIVE,
    metadata: Object.fromEntries((metadata ?? []).map(({ key, value }) => [key, value])),
    emailKey: emailKey(own.email),
    nameKey: nameKey(own.customer),
    searchText: searchText({ ...own, mainPhone: own.mainPhone ?? null }),
    createdAt: new Date(),
    updatedAt: new Date(),
  });
  for (const [position, { isPrimary, ...parts }] of (contacts ?? []).entries()) {
    const contact = em.create(Contact, {
      ...parts,
      isPrimary: isPrimary ?? false,
      uuid: randomUUID(),
      position,
      customer: ref(customer),
    });
    customer.contacts.add(contact);
  }
  try {
    await em.flush();
    return new Created(customer);
  } catch (error) {
    if (error instanceof UniqueConstraintViolationException) return new Conflict();
    throw error;
  }
}
