import {
  defaultFieldResolver,
  getNamedType,
  type GraphQLField,
  type GraphQLFieldResolver,
  type GraphQLSchema,
  isUnionType,
  OperationTypeNode,
} from 'graphql';
import { rejectReplays } from '../auth/reject-replays.js';
import { changedCustomers } from '../customers/success.type.js';
import { limitRootField } from '../rate-limit/limit-root-field.js';
import { type GatewayContext } from './context.js';
import { argumentScopes } from './scopes/argument-scopes.js';
import { declareScopes } from './scopes/declare-scopes.js';
import { operationScopes } from './scopes/operation-scopes.js';

type RootResolver = GraphQLFieldResolver<unknown, GatewayContext>;

/**
 * Wraps every root field of a schema, in this order: the log records the field and its outcome, a mutation is refused whose
 * signature was used before, the client's rate limit counts the field, and the operation is refused whose scopes the token does not
 * have. No resolver can leave one of them out.
 *
 * @throws {Error} if a root field declares no scope.
 */
export function guardRootFields(schema: GraphQLSchema): GraphQLSchema {
  declareScopes(schema);
  for (const root of [schema.getQueryType(), schema.getMutationType()]) {
    for (const field of Object.values(root?.getFields() ?? {})) {
      const hasOutcomes = isUnionType(getNamedType(field.type));
      field.resolve = recorded(guarded(field), hasOutcomes);
    }
  }
  return schema;
}

function guarded(field: GraphQLField<unknown, GatewayContext>): RootResolver {
  const resolve = field.resolve ?? defaultFieldResolver;
  const scopesOf = argumentScopes(field);
  return async (source, args, context, info) => {
    if (info.operation.operation === OperationTypeNode.MUTATION) await rejectReplays(context);
    const limited = await limitRootField(context, args, info);
    if (limited) return limited;
    const { scopes } = context;
    if (!scopes.isUnrestricted) scopes.requireForOperation([...operationScopes(info), ...scopesOf(args)]);
    return resolve(source, args, context, info);
  };
}

/** The members of a union are classes with the names that they have in the schema. */
function recorded(resolve: RootResolver, hasOutcomes: boolean): RootResolver {
  return async (source, args, context, info) => {
    context.record.type = info.operation.operation;
    const record = context.record.begin(info.fieldName, info.path.key);
    const value: unknown = await resolve(source, args, context, info);
    if (hasOutcomes && value instanceof Object) {
      record.outcome = value.constructor.name;
      if (info.operation.operation === OperationTypeNode.MUTATION) {
        context.record.addCustomers(record, changedCustomers(value));
      }
    }
    return value;
  };
}
