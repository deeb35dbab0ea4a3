const NS_PER_MS = 1_000_000;

/** A clock that all threads share, unlike `performance.now()`. */
export const monotonicMs = () => Number(process.hrtime.bigint()) / NS_PER_MS;
