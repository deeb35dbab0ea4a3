import { createReadStream } from 'node:fs';
import { LineCheck } from './line-check.js';
import { MalformedCsv } from './malformed-csv.js';

/** How the bytes of a file are read. */
export interface FileEncoding {
  /** A label of the WHATWG Encoding Standard, such as `utf-8`, `utf-16le` or `windows-1252`. */
  readonly encoding: string;
  readonly hasBom: boolean;
  /** The first line that is not ASCII, of a file whose encoding is a guess, to be shown to people. */
  readonly sample?: string;
}

const marks: readonly (readonly [encoding: string, mark: Buffer])[] = [
  ['utf-8', Buffer.from([0xef, 0xbb, 0xbf])],
  ['utf-16le', Buffer.from([0xff, 0xfe])],
  ['utf-16be', Buffer.from([0xfe, 0xff])],
];

/** How much of a UTF-16 file without a byte order mark is looked at. */
const SAMPLE_BYTES = 65_536;

/**
 * The encoding of a file.
 *
 * @param given - by the user. Default: detected.
 * @throws {MalformedCsv} if it is unclear.
 */
export async function encodingOf(path: string, given: string | undefined): Promise<FileEncoding> {
  const chunks = createReadStream(path, { highWaterMark: SAMPLE_BYTES }) as AsyncIterable<Buffer>;
  return given === undefined
    ? detectEncoding(chunks)
    : { encoding: given, hasBom: await beginsWithMark(chunks, given) };
}

/**
 * Detects an encoding: by the byte order mark; UTF-16 by its zero bytes, which text in another encoding does not have; UTF-8 if every
 * line is valid; otherwise Windows-1252. Statistical detectors take short Spanish text for Central European, so a file that can be
 * neither is refused.
 */
async function detectEncoding(chunks: AsyncIterable<Buffer>): Promise<FileEncoding> {
  const check = new LineCheck();
  let isFirst = true;
  for await (const chunk of chunks) {
    const known = isFirst ? byFirstBytes(chunk) : undefined;
    if (known) return known;
    isFirst = false;
    check.add(chunk);
  }
  return { hasBom: false, ...check.end() };
}

function byFirstBytes(bytes: Buffer): FileEncoding | undefined {
  const marked = marks.find(([, mark]) => bytes.subarray(0, mark.length).equals(mark));
  // UTF-8 with a mark is checked while it is read.
  if (marked) return { encoding: marked[0], hasBom: true };
  const wide = utf16Of(bytes);
  return wide === undefined ? undefined : { encoding: wide, hasBom: false };
}

async function beginsWithMark(chunks: AsyncIterable<Buffer>, encoding: string): Promise<boolean> {
  const mark = marks.find(([name]) => name === encoding)?.[1];
  for await (const chunk of chunks) return mark?.equals(chunk.subarray(0, mark.length)) ?? false;
  return false;
}

/** UTF-16 without a mark: its ASCII characters, such as delimiters and line ends, have a zero byte on one side. */
function utf16Of(bytes: Buffer): string | undefined {
  const zeros = [0, 0] as [number, number];
  for (let place = bytes.indexOf(0); place !== -1; place = bytes.indexOf(0, place + 1))
    zeros[place % 2 === 0 ? 0 : 1] += 1;
  const [even, odd] = zeros;
  if (odd > 2 * even) return 'utf-16le';
  if (even > 2 * odd) return 'utf-16be';
  if (even + odd === 0) return undefined;
  throw new MalformedCsv('The file has zero bytes, so it is not text. Save it as CSV in UTF-8.');
}
