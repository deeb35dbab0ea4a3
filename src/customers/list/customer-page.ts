import { Extensions, Field, Int, ObjectType } from 'type-graphql';
import { inTurns } from '../../concurrency/in-turns.js';
import { CustomerType } from '../customer.type.js';
import { limits } from '../limits.js';
import { once } from './once.js';
import { type PageRequest } from './list-rules.js';
import { type ListSource } from './list-source.js';

@ObjectType({
  simpleResolvers: true,
  description: 'A page of customers. `totalRecords` and `totalPages` are computed only if selected.',
})
export class CustomerPage {
  @Field(() => Int, { description: 'Page number, starting at 1.' })
  readonly page: number;

  @Field(() => Int, { description: 'Maximum customers per page.' })
  readonly limit: number;

  readonly #read: () => Promise<CustomerType[]>;
  readonly #count: () => Promise<number>;

  constructor({ customers, teamId, response, turn }: ListSource, request: PageRequest) {
    const { filter, page, limit, order } = request;
    this.page = page;
    this.limit = limit;
    this.#read = once(async () => {
      const query = { ...order, limit, offset: (page - 1) * limit };
      await turn.take();
      const found = (await customers.list(teamId, filter, query, response.rowsLimit)).map(
        ({ customer }) => customer,
      );
      response.addRows(found);
      return found;
    });
    this.#count = once(async () => {
      await turn.take();
      return customers.count(teamId, filter);
    });
  }

  @Extensions({ maxItems: limits.pageSize })
  @Field(() => [CustomerType], {
    description: 'Customers on this page, at most 100. Empty after the last page.',
  })
  async records(): Promise<Promise<CustomerType>[]> {
    return inTurns(await this.#read());
  }

  @Field(() => Int, { description: 'Number of customers on all pages.' })
  totalRecords(): Promise<number> {
    return this.#count();
  }

  @Field(() => Int, { description: 'Number of pages.' })
  async totalPages(): Promise<number> {
    return Math.ceil((await this.#count()) / this.limit);
  }
}
