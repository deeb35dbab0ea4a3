import mercurius, { type MercuriusOptions } from 'mercurius';

type Formatter = NonNullable<MercuriusOptions['errorFormatter']>;
type ExecutionError = NonNullable<Parameters<Formatter>[0]['errors']>[number];

const UNEXPECTED = 'INTERNAL_SERVER_ERROR';

/** Records each error as its field's outcome in the log, and hides unexpected errors from callers. */
export const maskErrors: Formatter = (execution, context) => {
  const { call } = context;
  for (const error of execution.errors) {
    const code = codeOf(error);
    call?.record.fail(error.path?.[0], code);
    if (code !== UNEXPECTED) continue;
    call?.log.error({ err: error.originalError }, 'unexpected error');
    error.message = 'Something went wrong.';
  }
  return mercurius.defaultErrorFormatter(execution, context);
};

/** Errors of a document have no code, and no path either. */
function codeOf({ path, extensions }: ExecutionError): string {
  const code = extensions['code'];
  if (typeof code === 'string') return code;
  return path ? UNEXPECTED : 'GRAPHQL_VALIDATION_FAILED';
}
