/** The form of an SQLSTATE (PostgreSQL, appendix A). Some codes of Node, such as EPIPE, have it too. */
const SQLSTATE = /^[0-9A-Z]{5}$/;

/** The SQLSTATE of an error of PostgreSQL. The ORM keeps the driver's code, or has the driver's error as its cause. */
export function sqlStateOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  const { code, cause } = error as { code?: unknown; cause?: unknown };
  return typeof code === 'string' && SQLSTATE.test(code) ? code : sqlStateOf(cause);
}
