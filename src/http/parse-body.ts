import { isUtf8 } from 'node:buffer';
import { type IncomingHttpHeaders } from 'node:http';
import { MIMEType } from 'node:util';
import { type Config } from '../config/config.js';
import { QueryTooComplex } from '../graphql/bounds/query-too-complex.js';
import { httpError } from './send-error.js';
import { MAX_FIELD_NAMES, measureJson, MIN_PART_BYTES } from './measure-json.js';

/** How a body is declared. */
export interface DeclaredBody {
  readonly mediaType: string | undefined;
  readonly encoding: string | undefined;
}

/** Reads the media type and encoding from the headers. */
export const declaredBody = (headers: IncomingHttpHeaders): DeclaredBody => ({
  mediaType: headers['content-type'],
  encoding: headers['content-encoding'],
});

/**
 * Parses the JSON of a body.
 *
 * @throws {GraphQLError} 415 for a media type or an encoding other than JSON in UTF-8, 400 for a text that is not JSON or has too
 * many fields or list items.
 */
export function parseJsonBody(
  body: Buffer,
  declared: DeclaredBody,
  bounds: Pick<Config['bounds'], 'inputFields' | 'listItems'>,
): unknown {
  if (!isJson(declared.mediaType)) {
    throw httpError(
      415,
      'UNSUPPORTED_MEDIA_TYPE',
      'The request body must be application/json encoded in UTF-8.',
    );
  }
  if (declared.encoding !== undefined && declared.encoding.trim().toLowerCase() !== 'identity') {
    // The signature covers the bytes that are sent. RFC 9110, 12.5.3: the header lists the supported encodings.
    throw httpError(415, 'UNSUPPORTED_MEDIA_TYPE', 'The request body must not have a Content-Encoding.', {
      'accept-encoding': 'identity',
    });
  }
  // Lenient decoding would replace invalid bytes with U+FFFD and store them.
  if (!isUtf8(body)) throw httpError(400, 'BAD_REQUEST', 'The request body must be encoded in UTF-8.');
  checkJsonSize(body, bounds);
  try {
    // A byte order mark is no part of the JSON, and a parser may ignore it (RFC 8259, 8.1).
    return JSON.parse(body.toString('utf8').replace(/^\uFEFF/, ''));
  } catch {
    throw httpError(400, 'BAD_REQUEST', 'The request body must be valid JSON.');
  }
}

function checkJsonSize(body: Buffer, bounds: Pick<Config['bounds'], 'inputFields' | 'listItems'>): void {
  const limits = { ...bounds, fieldNames: MAX_FIELD_NAMES };
  const lowest = Math.min(limits.listItems, limits.inputFields, limits.fieldNames);
  if (body.length <= MIN_PART_BYTES * lowest) return;
  const size = measureJson(body);
  for (const bound of ['listItems', 'inputFields', 'fieldNames'] as const) {
    if (size[bound] > limits[bound]) throw new QueryTooComplex(bound, limits[bound], size[bound]);
  }
}

/** JSON is always UTF-8 (RFC 8259, 8.1). A declared charset must be UTF-8. */
function isJson(mediaType: string | undefined): boolean {
  if (mediaType === 'application/json') return true;
  try {
    const { essence, params } = new MIMEType(mediaType ?? '');
    return essence === 'application/json' && /^utf-?8$/i.test(params.get('charset') ?? 'utf-8');
  } catch {
    return false;
  }
}
