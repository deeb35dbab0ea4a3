/** The path and query string of a request. */
export interface RequestTarget {
  readonly path: string;
  /** Without the question mark; undefined when there is none. */
  readonly search: string | undefined;
}

/**
 * Reads a request target: `/graphql`, or the absolute form `http://host/graphql`, which every server must accept (RFC 9112,
 * 3.2.2) and which asks for the same path.
 */
export function readTarget(target: string): RequestTarget {
  const [path = '', search] = target.replace(/^https?:\/\/[^/?]*/i, '').split(/\?(.*)/s, 2);
  return { path, search };
}
