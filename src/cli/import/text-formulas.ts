const QUOTE = 0x22;
const EQUALS = 0x3d;
const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/**
 * Where the next byte is: at the start of a cell, after a `=` there, in the text of a formula, in a cell without or with quotes, or
 * after a quote in a cell with quotes.
 */
type State = 'start' | 'equals' | 'formula' | 'plain' | 'quoted' | 'quote';

/**
 * Quotes the cells `="0123"` of CSV text as RFC 4180 asks for: `"=""0123"""`. Some programs write them without quotes, so that a
 * spreadsheet takes digits for text. Other cells are unchanged.
 *
 * @param chunks - UTF-8.
 * @param delimiter - an ASCII character.
 */
export async function* quoteTextFormulas(
  chunks: AsyncIterable<Buffer>,
  delimiter: string,
): AsyncGenerator<Buffer> {
  const ends: ReadonlySet<number> = new Set([LINE_FEED, CARRIAGE_RETURN, delimiter.charCodeAt(0)]);
  let state: State = 'start';
  for await (const chunk of chunks) {
    const pieces: Buffer[] = [];
    /** What is already in the pieces ends here. */
    let done = 0;
    const insert = (place: number, text: string) => {
      pieces.push(chunk.subarray(done, place), Buffer.from(text));
      done = place;
    };
    const replace = (place: number, text: string) => {
      insert(place, text);
      done = place + 1;
    };
    for (const [place, byte] of chunk.entries()) {
      const before = state;
      state = stateAfter(before, byte, ends.has(byte));
      // A `=` waits until it is clear what follows it, also in the next chunk.
      if (state === 'equals') replace(place, '');
      else if (state === 'formula' && before === 'equals') replace(place, '"=""');
      else if (before === 'equals') insert(place, '=');
      else if (before === 'formula' && byte === QUOTE) replace(place, '"""');
    }
    pieces.push(chunk.subarray(done));
    yield Buffer.concat(pieces);
  }
  if (state === 'equals') yield Buffer.from('=');
}

function stateAfter(state: State, byte: number, isEnd: boolean): State {
  if (state === 'formula') return byte === QUOTE ? 'plain' : 'formula';
  if (state === 'quoted') return byte === QUOTE ? 'quote' : 'quoted';
  if (isEnd) return 'start';
  if (state === 'quote') return byte === QUOTE ? 'quoted' : 'plain';
  if (state === 'equals') return byte === QUOTE ? 'formula' : 'plain';
  if (state === 'start' && byte === QUOTE) return 'quoted';
  return state === 'start' && byte === EQUALS ? 'equals' : 'plain';
}
