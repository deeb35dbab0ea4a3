import { type Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { MalformedCsv } from './malformed-csv.js';

const LINE_FEED = 0x0a;

/**
 * Reads a file of any encoding as UTF-8.
 *
 * @param encoding - a label of the WHATWG Encoding Standard.
 * @param hash - is updated with the bytes of the file.
 * @throws {MalformedCsv} if the bytes are not valid in the encoding.
 */
export async function* decodedText(path: string, encoding: string, hash: Hash): AsyncGenerator<Buffer> {
  const decoder = new TextDecoder(encoding, { fatal: true });
  const isUtf8 = decoder.encoding === 'utf-8';
  let line = 1;
  const decode = (bytes?: Buffer): string => {
    try {
      return decoder.decode(bytes, { stream: bytes !== undefined });
    } catch (cause) {
      throw new MalformedCsv(problemOf(decoder.encoding, line), { cause });
    }
  };
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
    hash.update(chunk);
    if (!isUtf8) {
      const text = decode(chunk);
      line += text.split('\n').length - 1;
      yield Buffer.from(text);
      continue;
    }
    for (let start = 0; start < chunk.length;) {
      const end = chunk.indexOf(LINE_FEED, start) + 1 || chunk.length;
      decode(chunk.subarray(start, end));
      if (chunk[end - 1] === LINE_FEED) line += 1;
      start = end;
    }
    // Already UTF-8: the parser skips the byte order mark.
    yield chunk;
  }
  const rest = decode();
  if (!isUtf8) yield Buffer.from(rest);
}

function problemOf(encoding: string, line: number): string {
  return encoding === 'utf-8'
    ? `Line ${line} is not valid UTF-8. Save the file as CSV in UTF-8.`
    : `The file is not valid ${encoding}, at line ${line} or soon after it. Give its encoding with --encoding, or save it as CSV in UTF-8.`;
}
