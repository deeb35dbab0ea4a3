/** Class 22 of PostgreSQL's codes, data exceptions: the one class whose messages quote what somebody sent. */
const DATA_EXCEPTION = /^22/;

/** What tells what went wrong and where, and holds nothing that anybody sent. */
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

/** An error as a line of the log has it. */
export interface LoggedError {
  readonly type: string;
  readonly message: string;
  readonly stack: string;
  readonly [detail: string]: unknown;
}

/**
 * What the log keeps of an error. Errors carry more than they say: PostgreSQL's have the row that was refused (`detail`,
 * `where`), Node's HTTP parser's the bytes of the request (`rawPacket`), with customers' data and credentials. So only
 * what is known to be safe is kept.
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

function safeMessage({ message }: Error, code: unknown): string {
  if (typeof code !== 'string' || !DATA_EXCEPTION.test(code)) return message;
  return message.replace(/".*"/s, '"…"');
}
