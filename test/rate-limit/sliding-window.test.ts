import { describe, expect, test } from 'vitest';
import fc from 'fast-check';
import { SlidingWindow } from '../../src/rate-limit/sliding-window.js';

/** A window of 3 calls in 1000 ms, and a clock that the test moves. */
function windowOfThree() {
  const clock = { now: 5_000 };
  return { clock, window: new SlidingWindow(3, 1_000, () => clock.now) };
}

describe('the sliding window', () => {
  test('allows as many calls as the limit and says how many are left', () => {
    const { window } = windowOfThree();
    const decisions = Array.from({ length: 4 }, () => window.take('a'));
    expect(decisions.map(({ allowed }) => allowed)).toEqual([true, true, true, false]);
    expect(decisions.map(({ remaining }) => remaining)).toEqual([2, 1, 0, 0]);
  });

  test('allows one more as soon as the oldest call is a window old, and not before', () => {
    const { clock, window } = windowOfThree();
    window.take('a');
    clock.now += 400;
    window.take('a');
    window.take('a');
    clock.now += 599;
    expect(window.take('a')).toMatchObject({ allowed: false, resetMs: 1 });
    clock.now += 1;
    expect(window.take('a')).toMatchObject({ allowed: true, resetMs: 400 });
    expect(window.take('a').allowed).toBe(false);
  });

  test('does not count refused calls: knocking does not extend the lock-out', () => {
    const { clock, window } = windowOfThree();
    for (let call = 0; call < 3; call += 1) window.take('a');
    for (let knock = 0; knock < 50; knock += 1) {
      clock.now += 19;
      expect(window.take('a').allowed).toBe(false);
    }
    clock.now += 50;
    expect(window.take('a').allowed).toBe(true);
  });

  test('counts each client by itself', () => {
    const { window } = windowOfThree();
    for (let call = 0; call < 4; call += 1) window.take('a');
    expect(window.take('b').allowed).toBe(true);
  });

  test('forgets clients that have gone quiet', () => {
    const { clock, window } = windowOfThree();
    for (let client = 0; client < 100; client += 1) window.take(`client ${client}`);
    clock.now += 1_000;
    window.take('a');
    expect(window.size).toBe(1);
  });

  test('never asks to wait longer than the window, whatever fraction of a ms the clock shows', () => {
    const time = fc.double({ min: 0, max: 1e12, noNaN: true });
    fc.assert(
      fc.property(time, fc.double({ min: 0, max: 59_999, noNaN: true }), (start, wait) => {
        let now = start;
        const window = new SlidingWindow(1, 60_000, () => now);
        expect(window.take('a').resetMs).toBe(60_000);
        now += wait;
        const { allowed, resetMs } = window.take('a');
        expect(allowed).toBe(false);
        expect(resetMs).toBeGreaterThan(0);
        expect(resetMs).toBeLessThanOrEqual(60_000);
      }),
      { numRuns: 1_000 },
    );
  });

  test('decides as a plain list of times would, for any calls at any times', () => {
    const gaps = fc.array(fc.nat(400), { maxLength: 2_000 });
    fc.assert(
      fc.property(gaps, fc.integer({ min: 1, max: 20 }), (waits, limit) => {
        let now = 0;
        const window = new SlidingWindow(limit, 1_000, () => now);
        let counted: number[] = [];
        return waits.every((wait) => {
          now += wait;
          counted = counted.filter((time) => time > now - 1_000);
          const expected = counted.length < limit;
          if (expected) counted.push(now);
          const { allowed, remaining } = window.take('a');
          return allowed === expected && remaining === limit - counted.length;
        });
      }),
      { numRuns: 50 },
    );
  });
});
