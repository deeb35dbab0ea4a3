import { createHash } from 'node:crypto';
import { pipeline, Readable } from 'node:stream';
import { CsvError, type CsvErrorCode, parse } from 'csv-parse';
import { decodedText } from './decoded-text.js';
import { quoteTextFormulas } from './text-formulas.js';
import { MalformedCsv, MAX_RECORD_BYTES } from './malformed-csv.js';

/** How a file is written. */
export interface CsvFormat {
  /** A label of the WHATWG Encoding Standard. */
  readonly encoding: string;
  /** One character. */
  readonly delimiter: string;
  /** Whether cells such as `="0123"` are not quoted. Default: no. */
  readonly hasTextFormulas?: boolean;
}

/** A record of a file and the line on which it begins, starting at 1. */
export interface CsvRecord {
  readonly cells: readonly string[];
  readonly line: number;
}

/** The records of a file, starting with the header, and properties of the file. */
export interface CsvRecords extends AsyncIterable<CsvRecord> {
  /** The hex SHA-256 of the file. Available after the last record. */
  fingerprint(): string;
}

/**
 * Streams a file of any size: RFC 4180 with or without a byte order mark, with CRLF, LF or CR as line ends. Empty lines and records
 * with only blank cells are skipped.
 *
 * @param to - maximum number of records to read. Default: all.
 * @throws {MalformedCsv} while the records are read, with the line number.
 */
export function readCsv(
  path: string,
  { encoding, delimiter, hasTextFormulas }: CsvFormat,
  to = -1,
): CsvRecords {
  const hash = createHash('sha256');
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
    const text = decodedText(path, encoding, hash);
    pipeline(Readable.from(hasTextFormulas ? quoteTextFormulas(text, delimiter) : text), parser, () => {});
    try {
      for await (const cells of parser) yield { cells, line: lines.shift() ?? 0 };
    } catch (error) {
      if (!(error instanceof CsvError)) throw error;
      const problem = problems[error.code] ?? `not valid CSV (${error.code}).`;
      const isQuoteInCell = error.code === 'INVALID_OPENING_QUOTE';
      throw new MalformedCsv(`Line ${lineOfError()}: ${problem}`, { cause: error }, isQuoteInCell);
    }
  }
  return {
    [Symbol.asyncIterator]: records,
    fingerprint: () => hash.digest('hex'),
  };
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
