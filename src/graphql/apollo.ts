import { ApolloServer } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginSchemaReportingDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled';
import { type FastifyBaseLogger } from 'fastify';
import { authenticationPlugin } from '../auth/plugin.js';
import { type Config } from '../config.js';
import { type GatewayContext } from './context.js';
import { buildGatewaySchema } from './schema.js';
import { unexpectedErrorsPlugin } from './unexpected-errors.js';

/** Starts Apollo Server over our schema. It reports to nobody and serves no page of its own. */
export async function startApollo(
  config: Config,
  logger: FastifyBaseLogger,
): Promise<ApolloServer<GatewayContext>> {
  const isProduction = config.environment === 'production';
  const apollo = new ApolloServer<GatewayContext>({
    schema: await buildGatewaySchema(),
    logger,
    nodeEnv: config.environment,
    introspection: !isProduction,
    hideSchemaDetailsFromClientErrors: isProduction,
    includeStacktraceInErrorResponses: false,
    persistedQueries: false,
    allowBatchedHttpRequests: false,
    stopOnTerminationSignals: false,
    plugins: [
      authenticationPlugin,
      unexpectedErrorsPlugin,
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginInlineTraceDisabled(),
      ApolloServerPluginLandingPageDisabled(),
      ApolloServerPluginSchemaReportingDisabled(),
      ApolloServerPluginUsageReportingDisabled(),
    ],
  });
  await apollo.start();
  return apollo;
}
