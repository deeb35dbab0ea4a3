import { getOperationAST, Kind, parse, print, separateOperations } from 'graphql';
import { type Example as Definition, examples as definitions, type Seen } from '../../examples/examples.js';
import source from '../../examples/examples.graphql?raw';
import conflictSource from './conflict.graphql?raw';

/** An entry of the examples menu: an operation, with variables that lead to one outcome. */
export interface Example {
  /** Root field, such as `createCustomer`. The menu is grouped by it. */
  readonly field: string;
  readonly title: string;
  /** Outcome of running it, or what the response contains. */
  readonly outcome: string;
  /** The operation with the fragments it needs. */
  readonly query: string;
  /** @param seen - the objects last seen in responses, which updates and reads use. */
  variables(seen: Seen): unknown;
}

const documents = separateOperations(parse(source + conflictSource));

function menuEntry({ operation, title, outcome, variables }: Definition): Example {
  const document = documents[operation];
  const [root] = document ? (getOperationAST(document, operation)?.selectionSet.selections ?? []) : [];
  if (!document || root?.kind !== Kind.FIELD) throw new Error(`There is no operation ${operation}.`);
  return {
    field: root.name.value,
    title,
    outcome,
    query: breakHeader(print(document)),
    variables: (seen) => variables({ ...seen, newId: () => crypto.randomUUID(), newSuffix }),
  };
}

const newSuffix = () => crypto.randomUUID().slice(0, 8);

/** Puts each variable of a long list on its own line, so that the first line of the document fits its pane. */
function breakHeader(document: string): string {
  return document.replace(/^(\w+ \w+)\((.{40,})\) \{$/m, (_line, name: string, variables: string) =>
    [`${name}(`, ...variables.split(', ').map((variable) => `  ${variable}`), ') {'].join('\n'),
  );
}

/** The first one is shown when the page opens. */
export const examples: readonly Example[] = definitions.map(menuEntry);

/** Variables as the editor shows them. */
export function toJson(values: unknown): string {
  return JSON.stringify(values, null, 2);
}
