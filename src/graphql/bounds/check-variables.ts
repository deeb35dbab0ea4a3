import {
  coerceInputValue,
  GraphQLError,
  type GraphQLSchema,
  isInputType,
  isNonNullType,
  type OperationDefinitionNode,
  typeFromAST,
} from 'graphql';
import { errorCodes } from '../../errors/error-codes.js';
import { shorten } from '../short-message.js';

/** How many problems are told at most: enough to see what is wrong, as graphql-js has it. */
const MAX_PROBLEMS = 50;

/** What is wrong with a variable, or with a part of it. */
interface Problem {
  /** From the variable down, list places from 0: `input.contacts.1.email`. */
  readonly path: string;
  readonly message: string;
}

class TooManyProblems extends Error {}

/**
 * Refuses variables that do not match the types of their operation, before graphql-js does: for each of its 50 errors it
 * prints the whole input object that the field is of, so that one request of 1 MB was answered with 50 MB.
 *
 * @param hidesSchema - proposes no names of the schema in place of unknown ones.
 * @throws {GraphQLError} `BAD_USER_INPUT`, with each problem, 50 at most.
 */
export function checkVariables(
  schema: GraphQLSchema,
  operation: OperationDefinitionNode,
  variables: Readonly<Record<string, unknown>>,
  hidesSchema: boolean,
): void {
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
  const [first] = problems;
  if (!first) return;
  throw new GraphQLError(`The variables are not valid: ${first.path}: ${first.message}`, {
    extensions: { code: errorCodes.BAD_USER_INPUT, errors: problems, http: { status: 400 } },
  });
}
