import { GraphQLError } from 'graphql';
import { type Config } from '../../config/config.js';
import { errorCodes } from '../../errors/error-codes.js';

/** Configured bounds whose breach is found by counting to the end, so that the error has the number. */
export type ConfiguredBound = Exclude<keyof Config['bounds'], 'bodyBytes' | 'responseBytes' | 'tokens'>;

/** Bounds that an error of {@link QueryTooComplex} can name. */
export type CountedBound = ConfiguredBound | 'fieldNames';

const words: Record<CountedBound, string> = {
  documentBytes: 'bytes in its document',
  depth: 'levels of nested fields',
  aliases: 'aliases',
  rootFields: 'root fields',
  directives: 'directives',
  cost: 'fields in its largest possible response',
  listItems: 'list items in its JSON',
  inputFields: 'object fields in its JSON',
  fieldNames: 'different field names in its JSON',
};

/** An operation asks for more than one may. Nothing of it was run. */
export class QueryTooComplex extends GraphQLError {
  constructor(bound: CountedBound, limit: number, found: number) {
    super(`The operation has ${found} ${words[bound]}; at most ${limit} are allowed.`, {
      extensions: { code: errorCodes.QUERY_TOO_COMPLEX, bound, limit, found, http: { status: 400 } },
    });
  }
}
