/**
 * Waits for a result for at most `ms`.
 *
 * @param who - the dependency that is waited for; the error names it.
 * @throws when the time is over, or the error of the result.
 */
export async function withTimeout<Result>(answer: Promise<Result>, ms: number, who: string): Promise<Result> {
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      // If the event loop was busy, the response is in the socket, which is read before this runs.
      setImmediate(() => {
        reject(new Error(`${who} did not answer within ${ms} ms`));
      });
    }, ms);
  });
  try {
    return await Promise.race([answer, deadline]);
  } finally {
    clearTimeout(timer);
  }
}
