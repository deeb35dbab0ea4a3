/** In UTF-16 units. No program names a column longer; a longer name matches nothing and is not normalized. */
const MAX_LENGTH = 200;

/**
 * The form in which names of columns are compared: without case, spaces and punctuation, so that `E-mail`, `Email` and `EMAIL` are
 * the same.
 *
 * @returns an empty string for a name that has neither letters nor digits, or is too long.
 */
export function headerKey(name: string): string {
  if (name.length > MAX_LENGTH) return '';
  return name
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]/gu, '');
}
