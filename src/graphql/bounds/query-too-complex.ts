import { GraphQLError } from 'graphql';
import { type Config } from '../../config.js';
import { errorCodes } from '../error-codes.js';

/** The bounds whose breach is found by counting to the end, so that what was found can be told. */
export type CountedBound = Exclude<keyof Config['bounds'], 'bodyBytes' | 'responseBytes' | 'tokens'>;

const words: Record<CountedBound, string> = {
  documentBytes: 'bytes in its document',
  depth: 'levels of fields',
  aliases: 'aliases',
  rootFields: 'root fields',
  directives: 'directives',
  cost: 'fields that its answer could have',
  listItems: 'items in the lists of its variables',
  inputFields: 'fields in the objects of its variables',
};

/** An operation asks for more than one may. Nothing of it was run. */
export class QueryTooComplex extends GraphQLError {
  constructor(bound: CountedBound, limit: number, found: number) {
    super(`The operation has ${found} ${words[bound]}; at most ${limit} are allowed.`, {
      extensions: { code: errorCodes.QUERY_TOO_COMPLEX, bound, limit, found, http: { status: 400 } },
    });
  }
}
