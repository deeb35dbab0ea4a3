import { visibleLine } from '../../validation/visible-text.js';

/** The beginning of a text: at most `max` characters, the last of which is an ellipsis if the text is longer. */
export function shortText(text: string, max: number): string {
  const characters = Array.from(text.slice(0, 2 * max));
  return characters.length > max || text.length > 2 * max
    ? `${characters.slice(0, max - 1).join('')}…`
    : text;
}

/** The same on one line, without characters that control a terminal. */
export function shortLine(text: string, max: number): string {
  return visibleLine(shortText(text, max));
}

/** Names of columns, each and all of them shortened. */
export function listedNames(names: readonly string[], separator: string): string {
  const more = names.length - LISTED_NAMES;
  const first = names.slice(0, LISTED_NAMES).map((name) => shortLine(name, NAME_LENGTH));
  return `${first.join(separator)}${more > 0 ? ` and ${more} more` : ''}`;
}

/** Maximum names in a list, and characters of a name. */
const LISTED_NAMES = 100;
export const NAME_LENGTH = 60;
