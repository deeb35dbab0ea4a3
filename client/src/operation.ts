/** The properties of an operation that decide whether it can be retried. */
export interface Operation {
  readonly type: 'query' | 'mutation' | 'subscription';
  readonly name: string | undefined;
  /** Whether `$idempotencyKey` is one of its variables. */
  readonly declaresKey: boolean;
  /** Whether it has exactly one root field. */
  readonly isSingle: boolean;
}

/** Matches strings and comments (to skip them), spreads, names, and every other character. */
const TOKEN = /"""(?:\\"""|[^])*?"""|"(?:\\.|[^"\\\n\r])*"|#[^\n\r]*|\.{3}|\w+|\S/g;

/**
 * Reads the operation with this name, or the only operation of a document. Parses only the necessary part of GraphQL, because
 * the package has no dependencies. The gateway reports errors in the document.
 *
 * @returns undefined if the document has no such operation.
 */
export function readOperation(document: string, name: string | undefined): Operation | undefined {
  const operations = definitionsOf(document).flatMap((tokens) => operationOf(tokens) ?? []);
  if (name !== undefined) return operations.find((operation) => operation.name === name);
  return operations.length === 1 ? operations[0] : undefined;
}

/** The definitions of a document, each as a list of tokens. */
function definitionsOf(document: string): string[][] {
  const definitions: string[][] = [];
  let definition: string[] = [];
  let depth = 0;
  for (const [token] of document.matchAll(TOKEN)) {
    if (/^["#]/.test(token)) continue;
    definition.push(token);
    depth += depthOf(token);
    if (token === '}' && depth === 0) {
      definitions.push(definition);
      definition = [];
    }
  }
  return definitions;
}

function operationOf(tokens: readonly string[]): Operation | undefined {
  const [type, name] = tokens[0] === '{' ? ['query', ''] : [tokens[0], tokens[1] ?? ''];
  if (type !== 'query' && type !== 'mutation' && type !== 'subscription') return undefined;
  let depth = 0;
  let declaresKey = false;
  let rootFields = 0;
  let inSelection = false;
  for (const [index, token] of tokens.entries()) {
    if (depth === 0 && token === '{') inSelection = true;
    if (depth === 1) {
      if (!inSelection && token === '$' && tokens[index + 1] === 'idempotencyKey') declaresKey = true;
      if (inSelection && isField(tokens, index)) rootFields += 1;
      // Fragments are not resolved.
      if (inSelection && token === '...') rootFields = Infinity;
    }
    depth += depthOf(token);
  }
  return { type, name: /^\w/.test(name) ? name : undefined, declaresKey, isSingle: rootFields === 1 };
}

/** Whether a token of a selection is the name of a field, and not an alias or a directive. */
function isField(tokens: readonly string[], index: number): boolean {
  return /^\w/.test(tokens[index] ?? '') && tokens[index + 1] !== ':' && tokens[index - 1] !== '@';
}

function depthOf(token: string): number {
  if ('([{'.includes(token)) return 1;
  return ')]}'.includes(token) ? -1 : 0;
}
