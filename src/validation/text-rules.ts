// Not `validator` as a whole: its hundred other rules would be loaded at every start.
import isEmail from 'validator/lib/isEmail.js';
import { z } from 'zod';
import { FieldErrorCode } from './field-error-code.js';

/** What a rule says of a text that breaks it. */
interface Problem {
  readonly code: FieldErrorCode;
  readonly message: string;
}

/** Looks at trimmed, normalised, non-empty text. */
type Rule = (text: string) => Problem | undefined;

/** What is wrong with text that must be there and is not. */
export const blank = { code: FieldErrorCode.REQUIRED, message: 'must not be blank' };

/** Text that must be there: trimmed, in NFC, not blank, at most `max` characters. */
export function requiredText(max: number, rule?: Rule) {
  return z.transform((raw: string | null | undefined, context) => {
    const text = clean(raw ?? '');
    const problem = text === '' ? blank : check(text, max, rule);
    if (problem) report(context, problem);
    return text;
  });
}

/** Text that may be absent; blank text is taken as absent, for that is what forms send. */
export function optionalText(max: number, rule?: Rule) {
  return z.transform((raw: string | null | undefined, context): string | null => {
    const text = clean(raw ?? '');
    if (text === '') return null;
    const problem = check(text, max, rule);
    if (problem) report(context, problem);
    return text;
  });
}

/** An address that mail can be sent to, by the rules of RFC 5321 and 5322 that real addresses keep. */
export const email: Rule = (text) =>
  isEmail.default(text, { ignore_max_length: true })
    ? undefined
    : { code: FieldErrorCode.INVALID_EMAIL, message: 'must be a valid email address' };

/** An absolute http or https URL. */
export const httpUrl: Rule = (text) =>
  /^https?:\/\/\S+$/i.test(text) && URL.canParse(text)
    ? undefined
    : { code: FieldErrorCode.INVALID_URL, message: 'must be an http or https URL' };

/**
 * Adds a field's problem to the result. `continue` lets the checks around this field run too: a caller is told of
 * everything at once.
 */
export function report(
  context: Pick<z.RefinementCtx, 'addIssue'>,
  { code, message }: Problem,
  path: PropertyKey[] = [],
): void {
  context.addIssue({ code: 'custom', message, params: { code }, path, continue: true });
}

/** Trims and normalises. PostgreSQL compares code points, so one look must have one form. */
export function clean(text: string): string {
  return text.normalize('NFC').trim();
}

/** Whether PostgreSQL can store the text: it takes no NUL, and UTF-8 has no lone surrogates. */
export function isStorable(text: string): boolean {
  return text.isWellFormed() && !text.includes('\0');
}

function check(text: string, max: number, rule: Rule | undefined): Problem | undefined {
  if (!isStorable(text)) {
    return {
      code: FieldErrorCode.INVALID_CHARACTERS,
      message: 'must not contain NUL characters or unpaired surrogates',
    };
  }
  if (isLongerThan(text, max)) {
    return { code: FieldErrorCode.TOO_LONG, message: `must have at most ${max} characters` };
  }
  return rule?.(text);
}

/** Counts code points, as `varchar(n)` does, and only where the count of UTF-16 units leaves a doubt. */
function isLongerThan(text: string, max: number): boolean {
  if (text.length <= max) return false;
  if (text.length > 2 * max) return true;
  return Array.from(text).length > max;
}
