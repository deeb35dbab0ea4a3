import { type FieldPolicy } from '@apollo/client/cache';
import { relayStylePagination, type StoreObject } from '@apollo/client/utilities';

/** A page as it is written to the cache: with the fields that the query selects. */
interface Page {
  readonly edges?: readonly object[];
  readonly nodes?: readonly object[];
}

/**
 * The policy of a connection: its pages become one list. Apollo Client's own policy merges only `edges`. Here `nodes` are the nodes
 * of the edges, so that a query can select either of them.
 *
 * @param keyArgs - the arguments that select the list, and not a page of it.
 */
export function connection(keyArgs: readonly string[]): FieldPolicy {
  const policy: FieldPolicy = relayStylePagination([...keyArgs]);
  const { read, merge } = policy;
  // Both are functions; the type of a policy allows others.
  if (typeof read !== 'function' || typeof merge !== 'function') return policy;
  return {
    ...policy,
    read: (existing, options) => {
      const list = read(existing, options);
      return (
        list && { ...list, nodes: list.edges.map((edge: StoreObject) => options.readField('node', edge)) }
      );
    },
    merge: (existing, incoming, options) => merge(existing, withEdges(incoming), options),
  };
}

/** Gives each of `nodes` an edge: the list is stored as edges. */
function withEdges<T extends Page>({ nodes, ...page }: T): Omit<T, 'nodes'> {
  if (!nodes) return page;
  return { ...page, edges: nodes.map((node, index) => ({ ...page.edges?.[index], node })) };
}
