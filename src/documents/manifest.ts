import { canonicalId, isValidId, isWrongHash } from './document-id.js';
import { type DocumentProblem } from './document-problem.js';
import { limits } from './limits.js';

/** A document to publish, with its ID in the canonical form. */
export interface ManifestDocument {
  readonly id: string;
  readonly source: string;
}

/** What a manifest contains. Nothing may be published if there is a problem. */
export interface Manifest {
  /** Those whose ID and text are valid. The documents are not parsed. */
  readonly documents: readonly ManifestDocument[];
  readonly problems: readonly DocumentProblem[];
}

interface Entry {
  readonly id: unknown;
  readonly source: unknown;
}

/** https://www.apollographql.com/docs/graphos/platform/security/persisted-queries#manifest-format */
const APOLLO_FORMAT = 'apollo-persisted-query-manifest';

const INVALID_FORM =
  'The manifest must be a JSON object of IDs and sources, as graphql-codegen and Relay write it, or an Apollo persisted query manifest of version 1.';

const INVALID_ID = `The ID must be sha256: and 64 hex digits, or have 1 to ${limits.idLength} characters: A-Z a-z 0-9 - . _ ~, also after a prefix such as x-app:.`;

/**
 * Reads a manifest of graphql-codegen's client preset, Apollo or Relay. Its form says which.
 *
 * @param bytes - at most {@link limits.manifestBytes}.
 */
export function readManifest(bytes: Buffer): Manifest {
  const entries = readEntries(parseJson(bytes));
  if (!entries) return invalid('INVALID_MANIFEST', INVALID_FORM);
  if (entries.length === 0) return invalid('INVALID_MANIFEST', 'The manifest has no documents.');
  if (entries.length > limits.manifestDocuments) {
    const message = `The manifest has ${entries.length} documents; at most ${limits.manifestDocuments} are allowed.`;
    return invalid('TOO_MANY', message);
  }
  return checkEntries(entries);
}

const invalid = (code: DocumentProblem['code'], message: string): Manifest => ({
  documents: [],
  problems: [{ id: null, code, message }],
});

function readEntries(content: unknown): Entry[] | undefined {
  if (!isRecord(content)) return undefined;
  const { format, version, operations } = content;
  if (!Array.isArray(operations)) return Object.entries(content).map(([id, source]) => ({ id, source }));
  if (format !== APOLLO_FORMAT || version !== 1) return undefined;
  // Names and types of operations are in their text.
  return operations.map((operation: unknown) =>
    isRecord(operation) ? { id: operation['id'], source: operation['body'] } : { id: null, source: null },
  );
}

function checkEntries(entries: readonly Entry[]): Manifest {
  const documents = new Map<string, ManifestDocument>();
  const problems: DocumentProblem[] = [];
  for (const [index, { id: given, source }] of entries.entries()) {
    if (typeof given !== 'string' || typeof source !== 'string') {
      const message = `The ID and the text of document ${index + 1} must be strings.`;
      problems.push({
        id: typeof given === 'string' ? shown(given) : null,
        code: 'INVALID_MANIFEST',
        message,
      });
      continue;
    }
    const id = canonicalId(given);
    const problem = documents.has(id) ? DUPLICATE : problemOf(id, source);
    if (problem) problems.push({ id: shown(id), ...problem });
    else documents.set(id, { id, source });
  }
  return { documents: [...documents.values()], problems };
}

/** An ID as a problem shows it: one that is not valid can have any length. */
const shown = (id: string): string => id.slice(0, limits.idLength).toWellFormed();

type EntryProblem = Omit<DocumentProblem, 'id'>;

const DUPLICATE: EntryProblem = {
  code: 'DUPLICATE_ID',
  message: 'Another document of the manifest has the same ID.',
};

function problemOf(id: string, source: string): EntryProblem | undefined {
  if (!isValidId(id)) return { code: 'INVALID_ID', message: INVALID_ID };
  if (isWrongHash(id, source)) {
    return {
      code: 'HASH_MISMATCH',
      message: 'The ID looks like a SHA-256, but is not the lower-case hex SHA-256 of the document.',
    };
  }
  // PostgreSQL stores no U+0000, and UTF-8 has no unpaired surrogates.
  if (source.includes('\0') || !source.isWellFormed()) {
    return {
      code: 'INVALID_CHARACTERS',
      message: 'The document must not contain U+0000 or unpaired surrogates.',
    };
  }
  return undefined;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** @returns undefined for text that is not JSON in UTF-8. */
function parseJson(bytes: Buffer): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    return undefined;
  }
}
