/** In UTF-16 units. */
const MAX_LENGTH = 500;

/** Cuts a text that may quote what a caller sent, which can have as many bytes as a request. */
export function shorten(text: string): string {
  return text.length > MAX_LENGTH ? `${text.slice(0, MAX_LENGTH)}…`.toWellFormed() : text;
}
