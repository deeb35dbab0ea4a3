import { type DocumentNode } from 'graphql';
import { LRUCache } from 'lru-cache';

/** What the documents in memory may hold together, in bytes. */
const MAX_BYTES = 32 * 1_048_576;

/**
 * What the parser makes of a token at most, in bytes of the heap: the token, and its part of the nodes. Measured with Node
 * 24 and graphql 16: 163 to 267.
 */
const BYTES_PER_TOKEN = 300;

/** A document keeps its source, and the values of its block strings again, at up to two bytes for each UTF-16 unit. */
const BYTES_PER_UNIT = 4;

/** Parsed and valid documents by their hash. It holds 32 MiB at most, whatever is sent; those used last stay. */
export class DocumentCache {
  readonly #documents = new LRUCache<string, DocumentNode>({
    maxSize: MAX_BYTES,
    sizeCalculation: bytesOf,
  });

  /** Documents that are remembered. */
  get size(): number {
    return this.#documents.size;
  }

  async get(key: string): Promise<DocumentNode | undefined> {
    return this.#documents.get(key);
  }

  async set(key: string, document: DocumentNode): Promise<void> {
    this.#documents.set(key, document);
  }

  async delete(key: string): Promise<boolean> {
    return this.#documents.delete(key);
  }
}

function bytesOf({ loc }: DocumentNode): number {
  if (!loc) return MAX_BYTES;
  let tokens = 0;
  for (let token = loc.startToken; token.next; token = token.next) tokens += 1;
  return loc.source.body.length * BYTES_PER_UNIT + tokens * BYTES_PER_TOKEN + BYTES_PER_TOKEN;
}
