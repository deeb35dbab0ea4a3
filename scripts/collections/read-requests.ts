import { readFile } from 'node:fs/promises';
import {
  type FieldNode,
  Kind,
  type OperationDefinitionNode,
  OperationTypeNode,
  parse,
  print,
  separateOperations,
  type Token,
  TokenKind,
} from 'graphql';
import { type Example, examples, type Values } from '../../examples/examples.ts';

/** Requests of a collection, in the order in which they are sent. */
export interface Folder {
  readonly name: string;
  readonly requests: readonly CollectionRequest[];
}

/** An operation as a request. */
export interface CollectionRequest {
  /** Name of the operation. */
  readonly name: string;
  /** Root field, such as `createCustomer`. */
  readonly field: string;
  /** The operation with the fragments it needs. */
  readonly query: string;
  /** JSON in which `{{name}}` stands for the value of a variable of the collection. */
  readonly variables: string;
  readonly expected: Expected;
}

/** What the root field must return: a member of its union, an object or a list that is not empty, or anything but an error. */
export type Expected = { readonly outcome: string } | 'data' | 'any';

/** Stands for the version, whose placeholder has no quotes. */
const VERSION = 2_147_483_647;

/** `$guid` is a new UUID at each use, in Postman and in Bruno. */
const placeholders: Values = {
  customer: {
    uuid: '{{customerId}}',
    email: '{{customerEmail}}',
    version: VERSION,
    externalId: '{{customerExternalId}}',
  },
  endpoint: '{{endpointId}}',
  delivery: '{{deliveryId}}',
  newId: () => '{{$guid}}',
  newSuffix: () => '{{$guid}}',
};

/** Reads `examples/examples.graphql`: a request for each operation, in the folders that its comments name. */
export async function readRequests(): Promise<Folder[]> {
  const source = parse(await readFile('examples/examples.graphql', 'utf8'));
  const documents = separateOperations(source);
  const folders: { name: string; requests: CollectionRequest[] }[] = [];
  for (const operation of source.definitions) {
    if (operation.kind !== Kind.OPERATION_DEFINITION) continue;
    const name = operation.name?.value ?? '';
    const heading = commentAbove(operation);
    if (heading !== undefined) folders.push({ name: heading, requests: [] });
    const folder = folders.at(-1);
    const document = documents[name];
    const example = examples.find((candidate) => candidate.operation === name);
    if (!folder) throw new Error('The first operation of examples/examples.graphql has no comment above it.');
    if (!document || !example) throw new Error(`examples/examples.ts has no variables for ${name}.`);
    folder.requests.push(toRequest(operation, print(document), example));
  }
  return folders;
}

function toRequest(operation: OperationDefinitionNode, query: string, example: Example): CollectionRequest {
  const [root] = operation.selectionSet.selections;
  if (root?.kind !== Kind.FIELD) throw new Error(`${example.operation} has no root field.`);
  const variables = JSON.stringify(example.variables(placeholders), null, 2);
  return {
    name: example.operation,
    field: root.name.value,
    query,
    variables: variables.replaceAll(String(VERSION), '{{customerVersion}}'),
    expected: expectedOf(operation, root, example.outcome),
  };
}

function expectedOf(operation: OperationDefinitionNode, root: FieldNode, outcome: string): Expected {
  if (operation.operation === OperationTypeNode.MUTATION) return { outcome };
  return root.selectionSet ? 'data' : 'any';
}

/** Text of the comment in the line above a definition. */
function commentAbove(definition: OperationDefinitionNode): string | undefined {
  const start = definition.loc?.startToken;
  const above: Token | null | undefined = start?.prev;
  if (above?.kind !== TokenKind.COMMENT || above.line + 1 !== start?.line) return undefined;
  return above.value.trim();
}
