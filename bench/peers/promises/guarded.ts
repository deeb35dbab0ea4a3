import mercurius, { type MercuriusContext } from 'mercurius';
import { RateLimited } from '../../../dist/src/rate-limit/rate-limited.type.js';
import { named } from '../answers.ts';
import { type Call } from './call.ts';

declare module 'mercurius' {
  interface MercuriusContext {
    call: Call | undefined;
  }
}

/** A result that says which member of a union it is. */
export interface Typed {
  readonly __typename: string;
}

type Resolver<Args, Result> = (root: unknown, args: Args, context: MercuriusContext) => Promise<Result>;

/** A query behind the log's record and the limit. */
export function query<Args, Result>(
  name: string,
  resolve: (args: Args) => Promise<Result>,
): Resolver<Args, Result> {
  return async (_root, args, context) => {
    const call = callOf(context);
    call.record.begin(name, name);
    const decision = call.takeForField();
    if (!decision.allowed) throw failure('Too many requests.', 'RATE_LIMIT_EXCEEDED');
    return resolve(args);
  };
}

/** A mutation behind the log's record of its outcome, the check for a replay, and the limit. */
export function mutation<Args>(name: string, resolve: (args: Args) => Promise<Typed>): Resolver<Args, Typed> {
  return async (_root, args, context) => {
    const call = callOf(context);
    const record = call.record.begin(name, name);
    if (!(await call.claimSignature())) {
      throw failure('The request is not authenticated.', 'UNAUTHENTICATED', 401);
    }
    const decision = call.takeForField();
    const outcome = decision.allowed ? await resolve(args) : named(new RateLimited(decision));
    record.outcome = outcome.__typename;
    return outcome;
  };
}

function callOf({ call }: MercuriusContext): Call {
  if (!call) throw new Error('The request has no call');
  return call;
}

/** An error with a code. */
export function failure(message: string, code: string, status = 200): Error {
  return new mercurius.ErrorWithProps(message, { code }, status);
}
