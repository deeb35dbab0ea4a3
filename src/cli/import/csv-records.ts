import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline, Readable } from 'node:stream';
import { CsvError, type CsvErrorCode, parse } from 'csv-parse';

/** Maximum bytes of a record, the same as for a request body, so that a quote that is never closed cannot fill the memory. */
const MAX_RECORD_BYTES = 1_048_576;

/** Of UTF-8. */
const BYTE_ORDER_MARK = Buffer.from('\u{feff}');

/** A record of a file and the line on which it begins, starting at 1. */
export interface CsvRecord {
  readonly cells: readonly string[];
  readonly line: number;
}

/** A file that is not valid CSV or not valid UTF-8. */
export class MalformedCsv extends Error {
  override readonly name = 'MalformedCsv';
}

/** The records of a file, starting with the header, and properties of the file. */
export interface CsvRecords extends AsyncIterable<CsvRecord> {
  /** The hex SHA-256 of the file. Available after the last record. */
  fingerprint(): string;
  /** Whether the file begins with a byte order mark. Available after the first record. */
  hasBom(): boolean;
}

/**
 * Streams a file of any size: RFC 4180 in UTF-8, with or without a byte order mark, with CRLF, LF or CR as line ends. Empty
 * lines and records with only blank cells are skipped.
 *
 * @param delimiter - one character.
 * @param to - maximum number of records to read. Default: all.
 * @throws {MalformedCsv} while the records are read, with the line number.
 */
export function readCsv(path: string, delimiter: string, to = -1): CsvRecords {
  const hash = createHash('sha256');
  let start: Buffer | undefined;
  const onBytes = (chunk: Buffer) => {
    start ??= chunk.subarray(0, BYTE_ORDER_MARK.length);
    hash.update(chunk);
  };
  let nextLine = 1;
  /** Lines of the records that were read but not yet returned. */
  const lines: number[] = [];
  const parser = parse({
    bom: true,
    delimiter,
    to,
    record_delimiter: ['\r\n', '\n', '\r'],
    relax_column_count: true,
    skip_empty_lines: true,
    max_record_size: MAX_RECORD_BYTES,
    // Called in the order of the records, before the parser continues. The parser's own line count counts CRLF in quotes twice.
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
        `Line ${lineOfError()}: ${problems[error.code] ?? `not valid CSV (${error.code}).`}`,
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

/** Reads the bytes of a file. @throws {MalformedCsv} if they are not valid UTF-8. */
async function* textBytes(path: string, onBytes: (chunk: Buffer) => void): AsyncGenerator<Buffer> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let line = 1;
  const decode = (bytes: Buffer, stream: boolean) => {
    try {
      decoder.decode(bytes, { stream });
    } catch (cause) {
      throw new MalformedCsv(`Line ${line} is not valid UTF-8. Save the file as CSV in UTF-8.`, { cause });
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

const NOT_CLOSED = `the record that begins here exceeds ${MAX_RECORD_BYTES} bytes. Check for a quote that is not closed.`;

/** Messages by error code. They do not quote the record. */
const problems: Partial<Record<CsvErrorCode, string>> = {
  CSV_QUOTE_NOT_CLOSED: NOT_CLOSED,
  CSV_MAX_RECORD_SIZE: NOT_CLOSED,
  INVALID_OPENING_QUOTE: 'a quote inside an unquoted cell. Quote the cell and double the quotes in it.',
  CSV_INVALID_CLOSING_QUOTE: 'text after the closing quote of a cell. Double the quotes in a quoted cell.',
};
