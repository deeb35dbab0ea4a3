import { type FormattedExecutionResult, GraphQLError } from 'graphql';
import { type ByteBudget } from './byte-budget.js';
import { Unavailable } from '../errors/unavailable.js';
import { errorCodes } from '../errors/error-codes.js';

/** Limits of responses. */
export interface ResponseLimits {
  /** Bytes of one response. */
  readonly bytes: number;
  /** Bytes of all responses in progress, until they are sent. */
  readonly budget: ByteBudget;
}

/** All rows read for a response may have this many times the bytes of a response: not every field of theirs is selected. */
const ROWS_FACTOR = 2;

/** A response, or the rows read for it, have too many bytes. Status 200: a mutation may have been executed. */
export class ResponseTooLarge extends GraphQLError {
  /** @param message - the problem; what to do follows. */
  constructor(message: string, limit: number) {
    super(`${message} Select fewer fields or request fewer items at once.`, {
      extensions: { code: errorCodes.RESPONSE_TOO_LARGE, limit },
    });
  }
}

/** The error for rows that have more bytes than are read for one response. */
export const tooManyRows = (limit: number): ResponseTooLarge =>
  new ResponseTooLarge(`The rows of the response exceed ${limit} bytes.`, limit);

/** Counts the bytes that the response to one request takes, from the rows read for it until it is sent. */
export class ResponseBytes {
  #held = 0;
  #peak = 0;
  #isReleased = false;

  constructor(
    private readonly clientId: string,
    private readonly limits: ResponseLimits,
  ) {}

  /** Bytes that one response may have. */
  get limit(): number {
    return this.limits.bytes;
  }

  /** Bytes that the rows read for one response may have. */
  get rowsLimit(): number {
    return ROWS_FACTOR * this.limits.bytes;
  }

  /** The most bytes that the response, or the rows read for it, have had. */
  get peak(): number {
    return this.#peak;
  }

  /** @throws {Unavailable} when the responses in progress, or those of the client, take up their budget. */
  checkRoom(bytes = 0): void {
    if (this.limits.budget.hasRoomFor(this.clientId, bytes)) return;
    throw new Unavailable('capacity', { cause: new Error('The responses in progress take up their budget') });
  }

  /**
   * Counts rows that were read for the response. Call before anything is changed.
   *
   * @throws {ResponseTooLarge} when all rows of the request have more than twice the bytes of a response.
   * @throws {Unavailable} as {@link checkRoom}.
   */
  addRows(rows: readonly unknown[]): void {
    const limit = this.rowsLimit;
    const bytes = jsonBytes(rows, limit);
    this.#notePeak(this.#held + bytes);
    if (this.#held + bytes > limit) {
      throw tooManyRows(limit);
    }
    this.checkRoom(bytes);
    this.#hold(this.#held + bytes);
  }

  /** Counts the response itself in place of its rows. */
  setResponse(bytes: number): void {
    this.#notePeak(bytes);
    this.#hold(Math.max(this.#held, bytes));
  }

  /** Gives everything back once the response is sent or the client is gone. Nothing is counted afterwards. */
  release(): void {
    this.#hold(0);
    this.#isReleased = true;
  }

  #notePeak(bytes: number): void {
    this.#peak = Math.max(this.#peak, bytes);
  }

  #hold(bytes: number): void {
    if (this.#isReleased || bytes === this.#held) return;
    this.limits.budget.add(this.clientId, bytes - this.#held);
    this.#held = bytes;
  }
}

/** The longest list that is written in one piece with the field that it belongs to. */
const SHORT_LIST = 10;

/**
 * The JSON of a GraphQL result, or undefined if it has more bytes than `limit`. Root fields are written one after another, and long
 * lists in them item by item, so that at most one of these pieces is written in vain. Smaller pieces would take more time.
 */
export function jsonWithin(result: FormattedExecutionResult, limit: number): string | undefined {
  let left = limit;
  const writeWhole = (part: unknown): string => {
    if (left < 0) return '';
    const json = JSON.stringify(part);
    left -= Buffer.byteLength(json);
    return json;
  };
  const writeMembers = (part: object, write: (member: unknown) => string): string => {
    const members = Object.entries(part).filter(([, member]) => member !== undefined);
    return `{${members.map(([name, member]) => `${writeWhole(name)}:${write(member)}`).join()}}`;
  };
  const writeItems = (part: unknown): string =>
    Array.isArray(part) ? `[${part.map(writeWhole).join()}]` : writeWhole(part);
  const writeRootField = (field: unknown): string =>
    hasLongList(field) ? writeMembers(field, writeItems) : writeItems(field);
  const { errors, data, extensions } = result;
  const json = writeMembers({ errors, data, extensions }, (member) =>
    member && member === data ? writeMembers(member, writeRootField) : writeItems(member),
  );
  // Colons, commas and brackets are not counted before.
  return left >= 0 && Buffer.byteLength(json) <= limit ? json : undefined;
}

const hasLongList = (value: unknown): value is object =>
  isRecord(value) &&
  !Array.isArray(value) &&
  Object.values(value).some((member) => Array.isArray(member) && member.length > SHORT_LIST);

/** Bytes of a value that has no text of its own, such as a number, with what separates it from the next. */
const PLAIN_BYTES = 8;

/**
 * About how many bytes the JSON of a value has, without making it. Characters that JSON escapes count as one byte.
 *
 * @param limit - counting stops above it.
 */
export function jsonBytes(value: unknown, limit: number): number {
  let bytes = 0;
  const add = (part: unknown): void => {
    if (bytes > limit) return;
    if (typeof part === 'string') bytes += Buffer.byteLength(part) + 3;
    else if (!isRecord(part)) bytes += PLAIN_BYTES;
    else if (Array.isArray(part)) {
      for (const item of part) add(item);
    } else {
      // Half the time of Object.entries.
      for (const key in part) {
        bytes += key.length + 4;
        add(part[key]);
      }
    }
  };
  add(value);
  return bytes;
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !(value instanceof Date);
