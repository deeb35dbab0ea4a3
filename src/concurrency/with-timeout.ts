/**
 * Waits for an answer, but no longer than `ms`.
 *
 * @param who - is to answer; stands in the error.
 * @throws when there is none by then, or what the answer throws.
 */
export async function withTimeout<Result>(answer: Promise<Result>, ms: number, who: string): Promise<Result> {
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      // If it is we who were busy, the answer lies in the socket, which is read before this runs.
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
