import { AsyncResource } from 'node:async_hooks';
import pg from 'pg';
import { FairQueue } from '../concurrency/fair-queue.js';
import { isDatabaseOutage } from '../errors/database-outage.js';
import { GivenUp } from './given-up.js';
import { clientOfStatement, onBehalfOf } from './statement-client.js';

/** Calls wait for a statement that is in progress for so long at most, in ms. */
const LATE_MS = 10;

/** Calls that share a statement, at most. */
const MAX_CALLS = 64;

/** Characters of the calls that share a statement, at most, so that small calls do not wait for many large ones. */
const MAX_SIZE = 262_144;

/** Calls of one client that may wait. */
const MAX_WAITING = 1_000;

/** How calls of one kind are executed. */
export interface Batched<Call, Result> {
  /** Executes one call in a statement of its own. */
  alone(call: Call): Promise<Result>;
  /**
   * Executes several calls, of any clients, in one statement.
   *
   * @returns the result of each; undefined if it must be executed alone.
   */
  together(calls: readonly Call[]): Promise<readonly (Result | undefined)[]>;
  /** About how large a call is, in characters. */
  sizeOf(call: Call): number;
}

interface Waiting<Call, Result> {
  readonly call: Call;
  /** In characters. */
  readonly size: number;
  /** The caller's request: its client and its trace. `AsyncLocalStorage.snapshot()` takes twenty times as long. */
  readonly context: AsyncResource;
  readonly resolve: (result: Result | Promise<Result>) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Executes calls of one kind. A call that comes while no statement is in progress has one of its own at once. Others wait for
 * the end of the one in progress, for 10 ms at most, and share the next statement: of each client one call, in turns, up to a
 * number and a size.
 *
 * If PostgreSQL rolls a shared statement back, each of its calls is executed alone: only the one that is at fault sees
 * an error. If PostgreSQL is unavailable, every one of them does.
 */
export class Batcher<Call, Result> {
  readonly #waiting = new FairQueue<Waiting<Call, Result>>();
  /** The statement that calls wait for. */
  #current: Promise<unknown> | undefined;

  /** @param lateMs - how long calls wait for a statement in progress, in ms. */
  constructor(
    private readonly batched: Batched<Call, Result>,
    private readonly lateMs = LATE_MS,
  ) {}

  run(call: Call): Promise<Result> {
    if (!this.#current) return this.#waitFor(this.batched.alone(call));
    const clientId = clientOfStatement() ?? '';
    if (this.#waiting.lengthOf(clientId) >= MAX_WAITING) {
      return Promise.reject(
        new GivenUp('POOL_EXHAUSTED', 'Too many calls of this client wait for a statement'),
      );
    }
    return new Promise((resolve, reject) => {
      this.#waiting.push(clientId, {
        call,
        size: this.batched.sizeOf(call),
        context: new AsyncResource('Batcher'),
        resolve,
        reject,
      });
    });
  }

  /** Has calls wait until a statement ends or is late. */
  #waitFor<Value>(statement: Promise<Value>): Promise<Value> {
    this.#current = statement;
    const startNext = () => {
      if (this.#current !== statement) return;
      this.#current = undefined;
      this.#startNext();
    };
    const timer = setTimeout(startNext, this.lateMs);
    const end = () => {
      clearTimeout(timer);
      startNext();
    };
    statement.then(end, end);
    return statement;
  }

  #startNext(): void {
    const calls = this.#take();
    const [first] = calls;
    if (!first) return;
    if (calls.length === 1) first.resolve(this.#waitFor(this.#alone(first)));
    // Part of the first call's trace, but not of its client's share of the connections.
    else void first.context.runInAsyncScope(() => onBehalfOf(undefined, () => this.#runTogether(calls)));
  }

  /** Removes the calls of the next statement from the queue. */
  #take(): Waiting<Call, Result>[] {
    const taken: Waiting<Call, Result>[] = [];
    let size = 0;
    for (let next = this.#waiting.first; next && taken.length < MAX_CALLS; next = this.#waiting.first) {
      size += next.size;
      if (taken.length > 0 && size > MAX_SIZE) break;
      this.#waiting.shift();
      taken.push(next);
    }
    return taken;
  }

  async #runTogether(waiting: readonly Waiting<Call, Result>[]): Promise<void> {
    let results: readonly (Result | undefined)[] = [];
    try {
      results = await this.#waitFor(this.batched.together(waiting.map(({ call }) => call)));
    } catch (error) {
      if (!isRolledBack(error)) {
        for (const { reject } of waiting) reject(error);
        return;
      }
    }
    for (const [index, one] of waiting.entries()) {
      const result = results[index];
      one.resolve(result === undefined ? this.#alone(one) : result);
    }
  }

  #alone({ call, context }: Waiting<Call, Result>): Promise<Result> {
    return context.runInAsyncScope(() => this.batched.alone(call));
  }
}

/** SQLSTATEs of a statement that fails for any calls: one that is wrong or lacks a privilege (42), and internal errors (XX). */
const FAILS_FOR_ALL = /^(?:42|XX)/;

/** Whether PostgreSQL is available but refused a statement because of one of its rows. Then it did nothing. */
function isRolledBack(error: unknown): boolean {
  return (
    error instanceof pg.DatabaseError && !isDatabaseOutage(error) && !FAILS_FOR_ALL.test(error.code ?? '')
  );
}
