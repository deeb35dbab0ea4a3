import { type ASTVisitor, GraphQLError, type ValidationContext } from 'graphql';

/** Refuses an operation of a kind that the schema does not have, which graphql-js finds out only when it executes it. */
export function operationTypesRule(context: ValidationContext): ASTVisitor {
  return {
    OperationDefinition(node) {
      if (context.getSchema().getRootType(node.operation)) return;
      context.reportError(new GraphQLError(`The schema has no ${node.operation} type.`, { nodes: node }));
    },
  };
}
