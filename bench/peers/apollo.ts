import { readFileSync } from 'node:fs';
import { ApolloServer } from '@apollo/server';
import fastifyApollo, { fastifyApolloDrainPlugin } from '@as-integrations/fastify';
import { resolvers } from './resolvers.ts';
import { serve, signedApp } from './signed-app.ts';

/** Apollo Server on the gateway's own schema, and nothing else: shows how much of (a) it leaves to what is built on it. */
const app = signedApp();
const apollo = new ApolloServer({
  typeDefs: readFileSync(new URL('../../schema.graphql', import.meta.url), 'utf8'),
  resolvers,
  plugins: [fastifyApolloDrainPlugin(app)],
});
await apollo.start();
await app.register(fastifyApollo(apollo));
await serve(app);
