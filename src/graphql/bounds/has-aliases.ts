import { BREAK, type DocumentNode, visit } from 'graphql';

const known = new WeakMap<DocumentNode, boolean>();

/** Whether a document has an alias, with which an object of a response can have a stored value several times. */
export function hasAliases(document: DocumentNode): boolean {
  const before = known.get(document);
  if (before !== undefined) return before;
  let found = false;
  visit(document, {
    Field({ alias }) {
      if (!alias) return undefined;
      found = true;
      return BREAK;
    },
  });
  known.set(document, found);
  return found;
}
