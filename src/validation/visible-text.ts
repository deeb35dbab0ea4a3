/**
 * Characters that control a terminal, or that a reader cannot see: control characters (ESC and its eight-bit form CSI), line and
 * paragraph separators, bidirectional controls, zero-width characters. Not those that scripts and emoji need.
 */
const HIDDEN =
  /[[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]--[\t\n\u200c\u200d\p{Variation_Selector}\u{e0020}-\u{e007f}]]/gv;

const LINE_BREAKS = /[\t\n]/g;

/**
 * Text for a terminal: characters that are hidden or control it are written as `\u001b`, as JSON escapes them, so that JSON
 * keeps its meaning. Line breaks and tabs are kept.
 */
export function visibleText(text: string): string {
  return text.replaceAll(HIDDEN, escapeUnits);
}

/** The same for text that has one line: line breaks and tabs are escaped too. */
export function visibleLine(text: string): string {
  return visibleText(text).replaceAll(LINE_BREAKS, escapeUnits);
}

function escapeUnits(character: string): string {
  return Array.from(
    { length: character.length },
    (_, index) => `\\u${character.charCodeAt(index).toString(16).padStart(4, '0')}`,
  ).join('');
}
