import { isAscii, isUtf8 } from 'node:buffer';
import { type FileEncoding } from './file-encoding.js';
import { MalformedCsv, MAX_RECORD_BYTES } from './malformed-csv.js';

/** Bytes that have no character in Windows-1252, so a file with one has another encoding. */
const unassigned: ReadonlySet<number> = new Set([0x81, 0x8d, 0x8f, 0x90, 0x9d]);

/** Letters beyond ASCII in a row that no word of a Western European language has. Names in Cyrillic or Greek do. */
const LETTERS_IN_A_ROW = 4;
const FIRST_LETTER = 0xc0;

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/**
 * Checks line by line whether a file is UTF-8, or can be Windows-1252. It keeps at most one line and the first that is not UTF-8.
 */
export class LineCheck {
  #rest: Buffer = Buffer.alloc(0);
  #line = 0;
  #hasUtf8 = false;
  /** The first line that is not UTF-8. */
  #other: { readonly line: number; readonly bytes: Buffer } | undefined;
  #isWestern = true;

  add(chunk: Buffer): void {
    const bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    let start = 0;
    for (let end = nextLine(bytes, start); end > 0; end = nextLine(bytes, start)) {
      this.#check(bytes.subarray(start, end));
      start = end;
    }
    this.#rest = bytes.subarray(start);
    if (this.#rest.length > MAX_RECORD_BYTES) {
      throw new MalformedCsv(`Line ${this.#line + 1}: the line exceeds ${MAX_RECORD_BYTES} bytes.`);
    }
  }

  end(): Pick<FileEncoding, 'encoding' | 'sample'> {
    const other = this.#other;
    this.#check(this.#rest);
    if (this.#other === undefined) return { encoding: 'utf-8' };
    // A file that was cut off ends inside a character.
    const wasCutOff = other === undefined && isUtf8(withoutLastCharacter(this.#rest));
    const { line, bytes } = this.#other;
    if (this.#hasUtf8 || wasCutOff) {
      throw new MalformedCsv(`Line ${line} is not valid UTF-8. Save the file as CSV in UTF-8.`);
    }
    if (!this.#isWestern) {
      throw new MalformedCsv(
        `Line ${line} is neither UTF-8 nor Windows-1252. Give the file's encoding, such as --encoding windows-1251, or save it as CSV in UTF-8.`,
      );
    }
    return { encoding: 'windows-1252', sample: new TextDecoder('windows-1252').decode(bytes).trim() };
  }

  #check(line: Buffer): void {
    this.#line += 1;
    if (isAscii(line)) return;
    if (isUtf8(line)) {
      this.#hasUtf8 = true;
      return;
    }
    this.#other ??= { line: this.#line, bytes: Buffer.from(line) };
    this.#isWestern &&= isWestern(line);
  }
}

/** The end of the line that begins at `start`, or 0 if it is not complete. Files of old programs have only carriage returns. */
function nextLine(bytes: Buffer, start: number): number {
  const end = bytes.indexOf(LINE_FEED, start) + 1;
  if (end > 0) return end;
  const old = bytes.indexOf(CARRIAGE_RETURN, start) + 1;
  // After the last byte, a line feed can follow.
  return old < bytes.length ? old : 0;
}

function isWestern(line: Buffer): boolean {
  let letters = 0;
  for (const byte of line) {
    letters = byte >= FIRST_LETTER ? letters + 1 : 0;
    if (letters === LETTERS_IN_A_ROW || unassigned.has(byte)) return false;
  }
  return true;
}

/** Without a character at the end that lacks bytes. A character has at most four. */
function withoutLastCharacter(line: Buffer): Buffer {
  const lead = line.findLastIndex((byte) => byte >= FIRST_LETTER);
  return lead >= line.length - 3 ? line.subarray(0, lead) : line;
}
