import { hash } from 'node:crypto';
import { limits } from './limits.js';

const PREFIXED_HASH = /^sha256:([0-9a-f]{64})$/;

/** Of upper case too: such an ID looks like a hash, and is none. */
const HASH = /^[0-9a-f]{64}$/i;

/** A custom identifier, or one with a prefix of the application (GraphQL over HTTP, appendix A). Other prefixes are reserved. */
const ID = /^(?:x-[\w.~-]+:)?[\w.~-]+$/;

/** The form in which an ID is stored and compared: `sha256:HEX` and `HEX` are the same ID. */
export function canonicalId(id: string): string {
  return PREFIXED_HASH.exec(id)?.[1] ?? id;
}

/** Whether an ID in its canonical form may be published. */
export function isValidId(id: string): boolean {
  return id.length <= limits.idLength && ID.test(id);
}

/** Whether an ID in its canonical form claims to be the SHA-256 of a source, and is not. */
export function isWrongHash(id: string, source: string): boolean {
  return HASH.test(id) && id !== hashSource(source);
}

/** SHA-256 of the UTF-8 bytes of a document, in lower-case hex. */
export function hashSource(source: string): string {
  return hash('sha256', source, 'hex');
}
