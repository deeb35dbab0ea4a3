import 'reflect-metadata';
import { ApolloServer } from '@apollo/server';
import fastifyApollo, { fastifyApolloDrainPlugin } from '@as-integrations/fastify';
import { MikroORM } from '@mikro-orm/postgresql';
import { Contact } from '../../dist/src/customers/contact.entity.js';
import { Customer } from '../../dist/src/customers/customer.entity.js';
import { Team } from '../../dist/src/teams/team.entity.js';
import { type StockContext } from '../.data/stock/context.js';
import { stockSchema } from '../.data/stock/schema.js';
import { serve, setting, signedApp, TEAM_ID } from './signed-app.ts';

/**
 * The gateway's packages as their documentation shows them: Apollo Server, type-graphql with class-validator, MikroORM's unit of
 * work on the gateway's entities, graphql-rate-limit with its own store, and Fastify's request log.
 */
const orm = await MikroORM.init({
  clientUrl: setting('DATABASE_URL'),
  entities: [Customer, Contact, Team],
});
const app = signedApp({ logger: true });
const apollo = new ApolloServer<StockContext>({
  schema: await stockSchema(),
  plugins: [fastifyApolloDrainPlugin(app)],
});
await apollo.start();
const clientId = setting('BENCH_CLIENT_ID');
await app.register(fastifyApollo(apollo), {
  context: async () => ({ em: orm.em.fork(), clientId, teamId: TEAM_ID }),
});
app.addHook('onClose', () => orm.close());
await serve(app);
