/** Class 22 of PostgreSQL's codes, data exceptions: the only class whose messages quote input. */
const DATA_EXCEPTION = /^22/;

/** The ORM appends the detail of PostgreSQL's errors to their messages. */
const ORM_DETAIL = '\n - detail: ';

/** Fields of an error that never contain input. */
const SAFE_DETAILS = [
  'code',
  'severity',
  'schema',
  'table',
  'column',
  'constraint',
  'routine',
  'dependency',
] as const;

/** An error in a log entry. */
export interface LoggedError {
  readonly type: string;
  readonly message: string;
  readonly stack: string;
  readonly [detail: string]: unknown;
}

/**
 * Converts an error for the log. Only fields that are known to be safe are kept, because errors can contain customers' data
 * and credentials: those of PostgreSQL have the rejected row (`detail`, `where`), those of Node's HTTP parser the bytes of the
 * request (`rawPacket`).
 */
export function serializeError(error: unknown): LoggedError {
  if (!(error instanceof Error))
    return { type: typeof error, message: 'Something that is no error was thrown', stack: '' };
  const fields: Partial<Record<string, unknown>> = Object.fromEntries(Object.entries(error));
  const message = safeMessage(error, fields['code']);
  const details = SAFE_DETAILS.filter((name) => fields[name] !== undefined);
  return {
    type: error.name,
    message,
    stack: error.stack?.replace(error.message, () => message) ?? '',
    ...Object.fromEntries(details.map((name) => [name, fields[name]])),
    ...(error.cause !== undefined && { cause: serializeError(error.cause) }),
    ...(error instanceof AggregateError && { errors: error.errors.map(serializeError) }),
  };
}

function safeMessage(error: Error, code: unknown): string {
  const [message = ''] = error.message.split(ORM_DETAIL);
  if (typeof code !== 'string' || !DATA_EXCEPTION.test(code)) return message;
  return message.replace(/".*"/s, '"…"');
}
