/**
 * Runs some work that ends in order when the process is told to stop: SIGINT or SIGTERM aborts the signal that it gets. A
 * second one ends the process at once.
 */
export async function withAbortOnSignal<Result>(
  work: (stopping: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const stopping = new AbortController();
  const stop = () => {
    stopping.abort();
    uninstall();
  };
  const uninstall = () => {
    process.off('SIGINT', stop);
    process.off('SIGTERM', stop);
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  try {
    return await work(stopping.signal);
  } finally {
    uninstall();
  }
}
