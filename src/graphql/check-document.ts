import {
  type DocumentNode,
  GraphQLError,
  type GraphQLSchema,
  Kind,
  NoSchemaIntrospectionCustomRule,
  parse,
  specifiedRules,
  validate,
} from 'graphql';
import { type Config } from '../config/config.js';
import { type DocumentProblem } from '../documents/document-problem.js';
import { type ManifestDocument } from '../documents/manifest.js';
import { type CheckedDocument } from '../documents/publish-documents.js';
import { errorCodes } from '../errors/error-codes.js';
import { checkDocumentBytes } from './bounds/check-document-bytes.js';
import { QueryTooComplex } from './bounds/query-too-complex.js';
import { tooManyTokens } from './bounds/too-many-tokens.js';
import { type DocumentRules, documentRules } from './document-rules.js';
import { shorten } from './short-message.js';

/** Maximum number of problems of one document that are reported. */
const MAX_ERRORS = 20;

/** Checks whether a request with a document would be executed. @returns the document, or its problems with the codes of the request. */
export type CheckDocument = (
  document: ManifestDocument,
) => CheckedDocument | { readonly problems: readonly DocumentProblem[] };

/** Creates the check for the schema and the bounds of the gateway. */
export function documentChecker(
  schema: GraphQLSchema,
  config: Pick<Config, 'bounds' | 'environment' | 'playground'>,
): CheckDocument {
  const rules = documentRules(config);
  return ({ id, source }) => {
    try {
      checkDocumentBytes({ query: source }, config.bounds);
      const document = parse(source, rules.parseOptions);
      const errors = validateDocument(schema, document, rules);
      if (errors.length > 0) return { problems: errors.map((error) => problemOf(id, error)) };
      return { id, source, operationNames: namesOf(document) };
    } catch (error) {
      if (!(error instanceof GraphQLError)) throw error;
      const tooMany = tooManyTokens(error, config.bounds);
      if (!tooMany) return { problems: [problemOf(id, error, errorCodes.GRAPHQL_PARSE_FAILED)] };
      return { problems: [{ id, code: errorCodes.QUERY_TOO_COMPLEX, message: tooMany.message }] };
    }
  };
}

/** In the steps of Apollo Server: the rules of graphql-js, and after them those of the gateway. */
function validateDocument(
  schema: GraphQLSchema,
  document: DocumentNode,
  { validationRules, hidesSchema }: DocumentRules,
): readonly GraphQLError[] {
  const firstRules = [...specifiedRules, ...(hidesSchema ? [NoSchemaIntrospectionCustomRule] : [])];
  const errors = validate(schema, document, firstRules, {
    hideSuggestions: hidesSchema,
    maxErrors: MAX_ERRORS,
  });
  return errors.length > 0 ? errors : validate(schema, document, validationRules);
}

function problemOf(
  id: string,
  error: GraphQLError,
  code: DocumentProblem['code'] = errorCodes.GRAPHQL_VALIDATION_FAILED,
): DocumentProblem {
  const [place] = error.locations ?? [];
  const where = place ? ` (line ${place.line}, column ${place.column})` : '';
  return {
    id,
    code: error instanceof QueryTooComplex ? errorCodes.QUERY_TOO_COMPLEX : code,
    message: `${shorten(error.message)}${where}`,
  };
}

/** The names of its operations. A valid document has at least one operation, which may have no name. */
function namesOf({ definitions }: DocumentNode): string[] {
  return definitions.flatMap((definition) =>
    definition.kind === Kind.OPERATION_DEFINITION ? (definition.name?.value ?? []) : [],
  );
}
