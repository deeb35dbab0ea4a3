import { readFileSync } from 'node:fs';

/**
 * Loaded before a gateway, sets its wall clock: by so many ms as the file at `CLOCK_FILE` says, at each SIGWINCH. What
 * runs on the monotonic clock does not notice.
 */
let stepMs = 0;
process.on('SIGWINCH', () => {
  stepMs = Number(readFileSync(process.env.CLOCK_FILE, 'utf8'));
});

const RealDate = Date;
globalThis.Date = class Date extends RealDate {
  constructor(...args) {
    super(...(args.length === 0 ? [RealDate.now() + stepMs] : args));
  }

  static now() {
    return RealDate.now() + stepMs;
  }
};
