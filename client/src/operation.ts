/** What a document says of one of its operations, as far as sending it again goes. */
export interface Operation {
  readonly type: 'query' | 'mutation' | 'subscription';
  readonly name: string | undefined;
  /** Whether `$idempotencyKey` is one of its variables. */
  readonly declaresKey: boolean;
  /** Whether it has one root field, and so does one thing. */
  readonly isSingle: boolean;
}

/** Strings and comments, so that nothing within counts; spreads; names; and every other character. */
const TOKEN = /"""(?:\\"""|[^])*?"""|"(?:\\.|[^"\\\n\r])*"|#[^\n\r]*|\.{3}|\w+|\S/g;

/**
 * Reads a document's operation: the one of this name, or the only one. It reads no more of GraphQL than it must, for the
 * package has no dependency; the gateway tells what is wrong with a document.
 *
 * @returns undefined when there is no such operation.
 */
export function readOperation(document: string, name: string | undefined): Operation | undefined {
  const operations = definitionsOf(document).flatMap((tokens) => operationOf(tokens) ?? []);
  if (name !== undefined) return operations.find((operation) => operation.name === name);
  return operations.length === 1 ? operations[0] : undefined;
}

/** A document's definitions, each as its tokens. */
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
      // Every field of the roots has a selection of its own. What a fragment brings is not looked up.
      if (inSelection && token === '{') rootFields += 1;
      if (inSelection && token === '...') rootFields = Infinity;
    }
    depth += depthOf(token);
  }
  return { type, name: /^\w/.test(name) ? name : undefined, declaresKey, isSingle: rootFields === 1 };
}

function depthOf(token: string): number {
  if ('([{'.includes(token)) return 1;
  return ')]}'.includes(token) ? -1 : 0;
}
