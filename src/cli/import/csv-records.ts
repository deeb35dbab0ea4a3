import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline, Readable } from 'node:stream';
import { CsvError, type CsvErrorCode, parse } from 'csv-parse';

/** The longest record, in bytes, as the largest body of a request. A quote that is never closed must not fill the memory. */
const MAX_RECORD_BYTES = 1_048_576;

/** Of UTF-8. */
const BYTE_ORDER_MARK = Buffer.from('\u{feff}');

/** A record of a file and the line, from 1, on which it begins. */
export interface CsvRecord {
  readonly cells: readonly string[];
  readonly line: number;
}

/** A file that is no CSV, or no text. */
export class MalformedCsv extends Error {
  override readonly name = 'MalformedCsv';
}

/** A file's records, the header first, and what they were made of. */
export interface CsvRecords extends AsyncIterable<CsvRecord> {
  /** The hex SHA-256 of the file, once the records have come to their end. */
  fingerprint(): string;
  /** Whether the file begins with a byte order mark, once its first record has come. */
  hasBom(): boolean;
}

/**
 * Reads a file of any size, a piece at a time: RFC 4180 in UTF-8, with or without a byte order mark, its lines ended by
 * CRLF, LF or CR. Lines without text and records of nothing but blank cells are left out.
 *
 * @param delimiter - one character.
 * @param to - how many records to read; without it all.
 * @throws {MalformedCsv} while the records are read, with the line.
 */
export function readCsv(path: string, delimiter: string, to = -1): CsvRecords {
  const hash = createHash('sha256');
  let start: Buffer | undefined;
  const onBytes = (chunk: Buffer) => {
    start ??= chunk.subarray(0, BYTE_ORDER_MARK.length);
    hash.update(chunk);
  };
  let nextLine = 1;
  /** Of the records that were read and not yet given out. */
  const lines: number[] = [];
  const parser = parse({
    bom: true,
    delimiter,
    to,
    record_delimiter: ['\r\n', '\n', '\r'],
    relax_column_count: true,
    skip_empty_lines: true,
    max_record_size: MAX_RECORD_BYTES,
    // Called in the order of the records, before the parser goes on. It counts CRLF in quotes as two lines; we do not.
    on_record(cells, { empty_lines: emptyLines }) {
      const line = nextLine + emptyLines;
      nextLine += 1 + cells.reduce((breaks, cell) => breaks + lineBreaks(cell), 0);
      if (cells.every((cell) => cell.trim() === '')) return null;
      lines.push(line);
      return cells;
    },
  });
  const lineOfError = () => nextLine + parser.info.empty_lines;

  async function* records(): AsyncGenerator<CsvRecord> {
    pipeline(Readable.from(textBytes(path, onBytes)), parser, () => {});
    try {
      for await (const cells of parser) yield { cells, line: lines.shift() ?? 0 };
    } catch (error) {
      if (!(error instanceof CsvError)) throw error;
      throw new MalformedCsv(
        `Line ${lineOfError()}: ${problems[error.code] ?? `this is no CSV (${error.code}).`}`,
        { cause: error },
      );
    }
  }
  return {
    [Symbol.asyncIterator]: records,
    fingerprint: () => hash.digest('hex'),
    hasBom: () => start?.equals(BYTE_ORDER_MARK) ?? false,
  };
}

const LINE_FEED = 0x0a;

/** The bytes of a file. @throws {MalformedCsv} when they are no UTF-8. */
async function* textBytes(path: string, onBytes: (chunk: Buffer) => void): AsyncGenerator<Buffer> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let line = 1;
  const decode = (bytes: Buffer, stream: boolean) => {
    try {
      decoder.decode(bytes, { stream });
    } catch (cause) {
      throw new MalformedCsv(`Line ${line} is not in UTF-8. Save the file as CSV in UTF-8.`, { cause });
    }
  };
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
    for (let start = 0; start < chunk.length;) {
      const end = chunk.indexOf(LINE_FEED, start) + 1 || chunk.length;
      decode(chunk.subarray(start, end), true);
      if (chunk[end - 1] === LINE_FEED) line += 1;
      start = end;
    }
    onBytes(chunk);
    yield chunk;
  }
  decode(Buffer.alloc(0), false);
}

function lineBreaks(cell: string): number {
  return cell.match(/\r\n|\n|\r/g)?.length ?? 0;
}

const NOT_CLOSED = `the record that begins here does not end within ${MAX_RECORD_BYTES} bytes; is a quote not closed?`;

/** What is wrong with a record, without what stands in it. */
const problems: Partial<Record<CsvErrorCode, string>> = {
  CSV_QUOTE_NOT_CLOSED: NOT_CLOSED,
  CSV_MAX_RECORD_SIZE: NOT_CLOSED,
  INVALID_OPENING_QUOTE:
    'a quote stands inside a cell that is not quoted; quote the cell and double its quotes.',
  CSV_INVALID_CLOSING_QUOTE:
    'text stands behind the quote that closes a cell; quotes in a quoted cell are doubled.',
};
