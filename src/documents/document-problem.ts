import { type ErrorCode } from '../errors/error-codes.js';

/** Why a manifest, or a document of it, cannot be published. For an invalid document, the code that a request with it would get. */
export type DocumentProblemCode =
  | 'INVALID_MANIFEST'
  | 'TOO_MANY'
  | 'INVALID_ID'
  | 'DUPLICATE_ID'
  | 'HASH_MISMATCH'
  | 'ID_TAKEN'
  | 'INVALID_CHARACTERS'
  | Extract<ErrorCode, 'GRAPHQL_PARSE_FAILED' | 'GRAPHQL_VALIDATION_FAILED' | 'QUERY_TOO_COMPLEX'>;

/** A reason not to publish. */
export interface DocumentProblem {
  /** The document, or null if the problem concerns the whole manifest. */
  readonly id: string | null;
  readonly code: DocumentProblemCode;
  readonly message: string;
}
