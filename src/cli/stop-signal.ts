/**
 * Runs work that can be stopped gracefully: the first SIGINT or SIGTERM aborts its signal, and the second one ends the process
 * immediately.
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
