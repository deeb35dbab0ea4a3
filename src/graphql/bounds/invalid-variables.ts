import {
  coerceInputValue,
  type GraphQLError,
  type GraphQLSchema,
  isInputType,
  isNonNullType,
  type OperationDefinitionNode,
  typeFromAST,
} from 'graphql';
import { errorCodes } from '../../errors/error-codes.js';
import { shorten } from '../short-message.js';

/** Maximum number of reported problems, as in graphql-js. */
const MAX_PROBLEMS = 50;

/** An error in a variable or in a part of it. */
interface Problem {
  /** Path from the variable, with list indexes from 0: `input.contacts.1.email`. */
  readonly path: string;
  readonly message: string;
}

class TooManyProblems extends Error {}

/**
 * Coercion by graphql-js ends at the first error, which has no details: each of its errors prints the whole input object, so a
 * request of 1 MB got a response of 50 MB. {@link invalidVariables} writes the errors instead.
 */
export const executionOptions = { maxCoercionErrors: 0 } as const;

/**
 * The message and the extensions of the error of variables that do not match the types of their operation, with each problem, 50
 * at most.
 *
 * @param hidesSchema - suggests no names of the schema.
 * @returns undefined if the variables match.
 */
export function invalidVariables(
  schema: GraphQLSchema,
  operation: OperationDefinitionNode,
  variables: Readonly<Record<string, unknown>>,
  hidesSchema: boolean,
) {
  const problems = problemsOf(schema, operation, variables, hidesSchema);
  const [first] = problems;
  if (!first) return undefined;
  return {
    message: `The variables are not valid: ${first.path}: ${first.message}`,
    extensions: { code: errorCodes.BAD_USER_INPUT, errors: problems, http: { status: 400 } },
  };
}

function problemsOf(
  schema: GraphQLSchema,
  operation: OperationDefinitionNode,
  variables: Readonly<Record<string, unknown>>,
  hidesSchema: boolean,
): Problem[] {
  const problems: Problem[] = [];
  const note = (path: readonly (string | number)[], message: string) => {
    if (problems.length === MAX_PROBLEMS) throw new TooManyProblems();
    problems.push({ path: shorten(path.join('.')), message: shorten(message) });
  };
  try {
    for (const { variable, type: typeNode, defaultValue } of operation.variableDefinitions ?? []) {
      const type = typeFromAST(schema, typeNode);
      const name = variable.name.value;
      if (!isInputType(type)) continue;
      const value = Object.hasOwn(variables, name) ? variables[name] : undefined;
      if (value === undefined || value === null) {
        if (isNonNullType(type) && (value === null || !defaultValue)) {
          note([name], `A value of type ${String(type)} is required.`);
        }
      } else {
        const onError = (path: readonly (string | number)[], _value: unknown, error: GraphQLError) => {
          note([name, ...path], error.message);
        };
        coerceInputValue(value, type, onError, hidesSchema);
      }
    }
  } catch (error) {
    if (!(error instanceof TooManyProblems)) throw error;
  }
  return problems;
}
