/** What became of a customer, as the contract says it; undefined for one whose email is taken. */
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

/** What became of many. */
export function customersCreated(all: readonly (object | undefined)[]) {
  const successCount = all.filter((data) => data !== undefined).length;
  return {
    __typename: 'CustomersCreated',
    status: 'success',
    message: `${successCount} of ${all.length} customers created.`,
    successCount,
    errorCount: all.length - successCount,
    results: all.map(createdOrConflict),
  };
}
