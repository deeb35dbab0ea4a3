import { z } from 'zod';
import { cleanText, hasInvisible, hasTooManyMarks, isBlank, MAX_MARKS_IN_A_ROW } from './clean-text.js';
import { emailAddress } from './email-address.js';
import { FieldErrorCode } from './field-error-code.js';

/** The error of a rule. */
interface Problem {
  readonly code: FieldErrorCode;
  readonly message: string;
}

/** Checks clean, non-empty text. @returns the text to store, or the problem. */
type Rule = (text: string) => string | Problem;

/** The error for missing required text. */
export const blank = { code: FieldErrorCode.REQUIRED, message: 'must not be blank' };

/** Required text: clean, not blank, at most `max` characters. */
export function requiredText(max: number, rule: Rule = line) {
  return z.transform((raw: string | null | undefined, context): string => {
    const text = check(raw ?? '', max, rule) ?? blank;
    if (typeof text === 'string') return text;
    report(context, text);
    return raw ?? '';
  });
}

/** Optional text. Blank text becomes null, because forms send it for empty fields. */
export function optionalText(max: number, rule: Rule = line) {
  return z.transform((raw: string | null | undefined, context): string | null => {
    const text = check(raw ?? '', max, rule);
    if (text === undefined || typeof text === 'string') return text ?? null;
    report(context, text);
    return raw ?? null;
  });
}

/** One line of text. */
export const line: Rule = (text) =>
  /\p{Cc}/u.test(text) ? invalidCharacters('must not contain control characters') : text;

/** Text that may have line breaks and tabs. */
export const lines: Rule = (text) =>
  /[^\P{Cc}\t\n\r]/u.test(text)
    ? invalidCharacters('must not contain control characters other than line breaks and tabs')
    : text;

/** Text that programs compare, such as an ID. It has no invisible characters, so values that look the same are the same. */
export const identifier: Rule = (text) =>
  hasInvisible(text) ? invalidCharacters('must not contain invisible characters') : line(text);

/** An address that mail can be sent to, by RFC 5321. */
export const email: Rule = (text) =>
  emailAddress(text) ?? { code: FieldErrorCode.INVALID_EMAIL, message: 'must be a valid email address' };

/** An absolute http or https URL. */
export const httpUrl: Rule = (text) =>
  /^https?:\/\/\S+$/i.test(text) && !hasInvisible(text) && URL.canParse(text)
    ? line(text)
    : { code: FieldErrorCode.INVALID_URL, message: 'must be an http or https URL' };

/**
 * Adds a problem to the result. With `continue`, the checks of the surrounding object still run, so that all problems are
 * reported at once.
 */
export function report(
  context: Pick<z.RefinementCtx, 'addIssue'>,
  { code, message }: Problem,
  path: PropertyKey[] = [],
): void {
  context.addIssue({ code: 'custom', message, params: { code }, path, continue: true });
}

/** Whether PostgreSQL can store the text: without NUL, and without lone surrogates, which UTF-8 cannot encode. */
export function isStorable(text: string): boolean {
  return text.isWellFormed() && !text.includes('\0');
}

/** Cleans text and checks it, starting with its length. @returns undefined for blank text. */
function check(raw: string, max: number, rule: Rule): string | Problem | undefined {
  const text = cleanText(raw, max);
  if (isLongerThan(text, max)) {
    return { code: FieldErrorCode.TOO_LONG, message: `must have at most ${max} characters` };
  }
  if (isBlank(text)) return undefined;
  if (!text.isWellFormed()) return invalidCharacters('must not contain unpaired surrogates');
  if (hasTooManyMarks(text)) {
    return invalidCharacters(`must not contain more than ${MAX_MARKS_IN_A_ROW} combining marks in a row`);
  }
  return rule(text);
}

const invalidCharacters = (message: string) => ({ code: FieldErrorCode.INVALID_CHARACTERS, message });

/** Counts code points, as `varchar(n)` does, unless the number of UTF-16 units is decisive. */
function isLongerThan(text: string, max: number): boolean {
  if (text.length <= max) return false;
  if (text.length > 2 * max) return true;
  return Array.from(text).length > max;
}
