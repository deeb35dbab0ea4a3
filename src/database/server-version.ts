/** The major versions of PostgreSQL that CI runs the gateway with. */
export const SUPPORTED_VERSIONS = { oldest: 15, newest: 18 } as const;

/** The error message for a server of this version; undefined if it is supported, or newer. */
export function versionProblem(version: string): string | undefined {
  const { oldest, newest } = SUPPORTED_VERSIONS;
  if (majorVersion(version) >= oldest) return undefined;
  return `The server is PostgreSQL ${version}; PostgreSQL ${oldest} to ${newest} is required.`;
}

/** The major version in a version of PostgreSQL since 10, such as `18.4`, `18beta1` or `15.18 (Debian 15.18-0+deb12u1)`. */
export const majorVersion = (version: string): number => Number.parseInt(version, 10);
