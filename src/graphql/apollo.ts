import { ApolloServer } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginSchemaReportingDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled';
import { type FastifyBaseLogger } from 'fastify';
import { type GraphQLFormattedError } from 'graphql';
import { authenticationPlugin } from '../auth/authentication-plugin.js';
import { type Config } from '../config/config.js';
import { type FindOutage } from '../errors/unavailable.js';
import { boundsPlugin } from './bounds/bounds-plugin.js';
import { executionOptions } from './bounds/invalid-variables.js';
import { responsePlugin, stringifyResult } from './bounds/response-plugin.js';
import { recordErrorsPlugin } from '../observability/record-errors-plugin.js';
import { type GatewayContext } from './context.js';
import { DocumentCache } from './document-cache.js';
import { documentRules } from './document-rules.js';
import { limitPlugin } from '../rate-limit/limit-plugin.js';
import { buildGatewaySchema } from './schema.js';
import { shorten } from './short-message.js';
import { maskErrorsPlugin } from './mask-errors.js';

/** Starts Apollo Server on the gateway's schema, without usage reporting and without a landing page. */
export async function startApollo(
  config: Config,
  logger: FastifyBaseLogger,
  findOutage: FindOutage,
): Promise<ApolloServer<GatewayContext>> {
  const { parseOptions, validationRules, hidesSchema } = documentRules(config);
  const apollo = new ApolloServer<GatewayContext>({
    schema: await buildGatewaySchema(),
    logger,
    nodeEnv: config.environment,
    introspection: !hidesSchema,
    validationOptions: { hideSuggestions: hidesSchema },
    executionOptions,
    formatError: withShortMessage,
    stringifyResult,
    // It looks at headers, and Apollo gets those that the gateway writes. No browser can sign a request of another site.
    csrfPrevention: false,
    includeStacktraceInErrorResponses: false,
    persistedQueries: false,
    documentStore: new DocumentCache(),
    allowBatchedHttpRequests: false,
    stopOnTerminationSignals: false,
    parseOptions,
    // The cost rule counts what fragments expand to. With any value set, Apollo runs custom rules after those of graphql-js, on valid
    // documents only.
    maxRecursiveSelections: Infinity,
    validationRules: [...validationRules],
    plugins: [
      authenticationPlugin,
      maskErrorsPlugin(findOutage),
      limitPlugin,
      boundsPlugin(config.bounds, hidesSchema),
      recordErrorsPlugin,
      responsePlugin,
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

function withShortMessage(error: GraphQLFormattedError): GraphQLFormattedError {
  return { ...error, message: shorten(error.message) };
}
