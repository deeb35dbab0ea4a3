import { parentPort } from 'node:worker_threads';
import { monotonicMs } from './clock.ts';

/**
 * A thread that says when each of the times it is given has come, in their order. It sleeps in `Atomics.wait`, which is exact to
 * a few hundredths of a ms; Node's timers have whole ms.
 */
const cell = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));

parentPort?.on('message', (due: number) => {
  const ms = due - monotonicMs();
  if (ms > 0) Atomics.wait(cell, 0, 0, ms);
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
  parentPort?.postMessage(due);
});
