import { type Config } from '../../config/config.js';
import { QueryTooComplex } from './query-too-complex.js';

/**
 * Refuses a request whose document is too long, before it is parsed: white space and comments are no tokens.
 *
 * @throws {QueryTooComplex}
 */
export function checkDocumentBytes(request: unknown, bounds: Pick<Config['bounds'], 'documentBytes'>): void {
  if (typeof request !== 'object' || request === null || !('query' in request)) return;
  if (typeof request.query !== 'string') return;
  const bytes = Buffer.byteLength(request.query);
  if (bytes > bounds.documentBytes) throw new QueryTooComplex('documentBytes', bounds.documentBytes, bytes);
}
