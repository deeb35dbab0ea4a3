import { type ApolloServerPlugin } from '@apollo/server';
import { defaultFieldResolver, getNamedType, type GraphQLSchema, isUnionType } from 'graphql';
import { type GatewayContext } from '../graphql/context.js';
import { errorCodes } from '../errors/error-codes.js';

/**
 * Makes every root field note itself and its outcome. A union's members are classes with the names they have in the
 * schema, so the name of what a resolver returned costs nothing.
 */
export function recordRootFields(schema: GraphQLSchema): GraphQLSchema {
  for (const root of [schema.getQueryType(), schema.getMutationType()]) {
    for (const field of Object.values(root?.getFields() ?? {})) {
      const resolve = field.resolve ?? defaultFieldResolver;
      const hasOutcomes = isUnionType(getNamedType(field.type));
      field.resolve = async (source, args, context: GatewayContext, info) => {
        context.record.type = info.operation.operation;
        const record = context.record.begin(field.name, info.path.key);
        const value: unknown = await resolve(source, args, context, info);
        if (hasOutcomes && value instanceof Object) record.outcome = value.constructor.name;
        return value;
      };
    }
  }
  return schema;
}

/** Notes what the answer says went wrong, once other plugins have decided what it says. */
export const recordErrorsPlugin: ApolloServerPlugin<GatewayContext> = {
  async requestDidStart() {
    return {
      async willSendResponse({ response: { body }, contextValue: { record } }) {
        if (body.kind !== 'single') return;
        for (const { path, extensions } of body.singleResult.errors ?? []) {
          const code = extensions?.['code'];
          record.fail(path?.[0], typeof code === 'string' ? code : errorCodes.INTERNAL_SERVER_ERROR);
        }
      },
    };
  },
};
