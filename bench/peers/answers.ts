/** What became of a customer, as the schema says it; undefined for one whose email is taken. */
export function createdOrConflict(data: object | undefined) {
  return data
    ? { __typename: 'Created', status: 'success', message: 'Customer created.', data }
    : {
        __typename: 'Conflict',
        status: 'error',
        code: 'EMAIL_EXISTS',
        message: 'A customer with this email already exists.',
      };
}

/** A result of one of the gateway's classes, with its name in the schema. */
export function named(result: object) {
  return Object.assign({ __typename: result.constructor.name }, result);
}

/** What became of many, each as {@link createdOrConflict} or another outcome says it. */
export function customersCreated(results: readonly { readonly __typename: string }[]) {
  const successCount = results.filter(({ __typename }) => __typename === 'Created').length;
  return {
    __typename: 'CustomersCreated',
    status: 'success',
    message: `${successCount} of ${results.length} customers created.`,
    successCount,
    errorCount: results.length - successCount,
    results,
  };
}
