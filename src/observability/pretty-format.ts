import { prettyFactory } from 'pino-pretty';
import { z } from 'zod';
import { visibleText } from '../validation/visible-text.js';

/** Fields that a line for people does without; the JSON has them. */
const HIDDEN: ReadonlySet<string> = new Set(['level', 'time', 'pid', 'hostname', 'msg', 'err']);

/** Of a request, only the fields that distinguish it from the next one. */
const request = z.object({
  method: z.string(),
  route: z.string().default('(no route)'),
  status: z.number(),
  ms: z.number(),
  operation: z.string().optional(),
  outcome: z.string().optional(),
  code: z.string().optional(),
  reason: z.string().optional(),
});

/** An error as the log's serializer writes it. */
interface LoggedError {
  readonly message: string;
  readonly stack: string;
  readonly cause?: LoggedError | undefined;
  readonly errors?: LoggedError[] | undefined;
}

const loggedError: z.ZodType<LoggedError> = z.object({
  message: z.string(),
  stack: z.string(),
  get cause() {
    return loggedError.optional();
  },
  get errors() {
    return z.array(loggedError).optional();
  },
});

const line = z.looseObject({
  level: z.string().optional(),
  msg: z.string().default(''),
  err: loggedError.optional(),
});

/** Gives a function that turns a line of JSON from the log into one for people, with its line break. */
export function prettyFormat(colorize: boolean): (json: string) => string {
  return prettyFactory({
    colorize,
    translateTime: 'SYS:HH:MM:ss',
    ignore: 'pid,hostname',
    // The message has the fields.
    hideObject: true,
    messageFormat: (log) => visibleText(describe(log)),
  });
}

function describe(log: Record<string, unknown>): string {
  const { msg, err, level, ...fields } = line.parse(log);
  if (msg === 'request') return describeRequest(fields);
  const shown = Object.entries(fields).flatMap(([name, value]) =>
    HIDDEN.has(name) ? [] : [`${name}=${show(value)}`],
  );
  const text = [err ? `${msg}: ${reasonOf(err)}` : msg, ...shown].join(' ');
  // Only unexpected errors need a stack: an outage is a warning.
  return err && level !== 'warn' ? `${text}\n${stackOf(err)}` : text;
}

function describeRequest(fields: Record<string, unknown>): string {
  const { method, route, status, ms, operation, outcome, code, reason } = request.parse(fields);
  const result = operation === undefined ? [code, reason] : [operation, outcome];
  return [method, route, status, ...result, `${ms.toFixed(1)} ms`]
    .filter((part) => part !== undefined)
    .join(' ');
}

/** A list by its length: the line must stay short. */
function show(value: unknown): string {
  if (Array.isArray(value)) return String(value.length);
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function reasonOf({ message, cause, errors }: LoggedError): string {
  const own = message === '' && errors ? errors.map(reasonOf).join('; ') : message;
  return cause ? `${own}: ${reasonOf(cause)}` : own;
}

function stackOf({ stack, cause }: LoggedError): string {
  return cause ? `${stack}\ncaused by ${stackOf(cause)}` : stack;
}
