import { z } from 'zod';
import { FieldErrorCode } from './field-error-code.js';
import { report } from './text-rules.js';

/** A number in a range. Without one it is `otherwise`. */
export function numberWithin<Default>(min: number, max: number, otherwise: Default) {
  return z.transform((value: number | null | undefined, context): number | Default => {
    if (value === null || value === undefined) return otherwise;
    if (value < min || value > max) {
      report(context, { code: FieldErrorCode.OUT_OF_RANGE, message: `must be between ${min} and ${max}` });
    }
    return value;
  });
}
