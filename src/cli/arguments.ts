import { InvalidArgumentError } from 'commander';
import { validate } from 'uuid';
import { z } from 'zod';
import { isScope, type Scope, scopes } from '../auth/scopes.js';
import { requiredText } from '../validation/text-rules.js';
import { wholeNumber } from '../config/whole-number.js';

/** As the columns of names have it. */
const MAX_NAME_LENGTH = 255;

/** An argument that keeps a rule. */
export function argument<Value>(rule: z.ZodType<Value>): (value: string) => Value {
  return (value) => {
    const parsed = rule.safeParse(value);
    if (!parsed.success) throw new InvalidArgumentError(`The value ${parsed.error.issues[0]?.message}.`);
    return parsed.data;
  };
}

/** A name for people: not blank, at most 255 characters. */
export const nameArgument = argument(requiredText(MAX_NAME_LENGTH));

/** Text that is not empty, of at most `max` characters. */
export const shortArgument = (max: number) =>
  argument(z.string().min(1, 'must not be empty').max(max, `must have at most ${max} characters`));

/** A whole number in a range. */
export const numberArgument = (min: number, max: number) => argument(wholeNumber(min, max));

/** The ID of a row. */
export function idArgument(value: string): string {
  if (!validate(value)) throw new InvalidArgumentError('The value must be a UUID.');
  return value.toLowerCase();
}

const SECONDS: Partial<Record<string, number>> = { s: 1, m: 60, h: 3_600, d: 86_400 };

/** A duration such as `90s`, `30m`, `24h` or `7d`, or `0`, up to `max` seconds. @returns seconds. */
export function durationArgument(max: number): (value: string) => number {
  return (value) => {
    const [, amount, unit = ''] = /^(\d{1,9})([smhd])$/.exec(value) ?? [];
    const seconds = value === '0' ? 0 : Number(amount) * (SECONDS[unit] ?? NaN);
    if (!(seconds <= max)) {
      throw new InvalidArgumentError(
        `The value must be 0 or a duration such as 90s, 30m, 24h or 7d, at most ${max} s.`,
      );
    }
    return seconds;
  };
}

/** Scopes, separated by commas. A repeated option adds its scopes to those before. */
export function scopesArgument(value: string, previous: readonly Scope[] = []): Scope[] {
  const names = value.split(',').map((name) => name.trim());
  if (!names.every(isScope)) {
    throw new InvalidArgumentError(`The value must be scopes, separated by commas: ${scopes.join(', ')}.`);
  }
  return scopes.filter((scope) => previous.includes(scope) || names.includes(scope));
}

/** A time in ISO 8601, since 1970. */
export const timeArgument = argument(
  z.iso
    .datetime({ offset: true, error: 'must be an ISO 8601 time, such as 2026-01-31T12:00:00Z' })
    .transform((text) => new Date(text))
    .refine((time) => time.getTime() >= 0, 'must not be before 1970'),
);

/** The delimiter of CSV cells: one character, or the word `tab`. */
export function delimiterArgument(value: string): string {
  if (value === 'tab') return '\t';
  if (!/^[^"\r\n]$/.test(value)) {
    throw new InvalidArgumentError('The value must be one character, such as ;, or the word tab.');
  }
  return value;
}
