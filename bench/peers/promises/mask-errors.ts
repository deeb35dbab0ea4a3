import mercurius, { type MercuriusOptions } from 'mercurius';

type Formatter = NonNullable<MercuriusOptions['errorFormatter']>;

/** Makes each error its field's outcome in the log, and tells callers nothing of an unexpected one. */
export const maskErrors: Formatter = (execution, context) => {
  const { call } = context;
  for (const error of execution.errors ?? []) {
    const isOfDocument = error.path === undefined;
    const code = error.extensions['code'] ?? (isOfDocument ? 'GRAPHQL_VALIDATION_FAILED' : undefined);
    call?.record.fail(error.path?.[0], String(code ?? 'INTERNAL_SERVER_ERROR'));
    if (code !== undefined) continue;
    call?.log.error({ err: error.originalError }, 'unexpected error');
    error.message = 'Something went wrong.';
  }
  return mercurius.defaultErrorFormatter(execution, context);
};
