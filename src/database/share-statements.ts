import DataLoader from 'dataloader';

/**
 * Has calls that come while a statement is in progress share the next one. For calls without a result; an error concerns all calls of a
 * statement.
 *
 * @param run - executes calls in one statement.
 * @param max - calls that share a statement, at most.
 */
export function shareStatements<Call>(
  run: (calls: readonly Call[]) => Promise<unknown>,
  max: number,
): (call: Call) => Promise<void> {
  let inProgress: Promise<unknown> = Promise.resolve();
  const loader = new DataLoader<Call, undefined>(
    async (calls) => {
      const statement = run(calls);
      inProgress = statement.catch(() => undefined);
      await statement;
      return calls.map(() => undefined);
    },
    {
      cache: false,
      maxBatchSize: max,
      batchScheduleFn: (dispatch) => void inProgress.then(dispatch),
    },
  );
  return async (call) => {
    await loader.load(call);
  };
}
