import { Worker } from 'node:worker_threads';
import { startForwarder } from '../forward.ts';
import { monotonicMs } from './clock.ts';

/** A process that delays all bytes between servers and PostgreSQL, and keeps their order. The parent process sets the delay, in ms. */
let delayMs = 0;
process.on('message', (ms: number) => {
  delayMs = ms;
});

const alarm = new Worker(new URL('alarm.ts', import.meta.url));
const held: (() => void)[] = [];
// All are held for equally long, so the next to go is always the first.
alarm.on('message', () => held.shift()?.());

function hold(pass: () => void): void {
  held.push(pass);
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
  alarm.postMessage(monotonicMs() + delayMs);
}

const { url } = await startForwarder(String(process.env['DATABASE_URL']), () => ({
  toDatabase: hold,
  toServer: hold,
}));
process.send?.(url);
