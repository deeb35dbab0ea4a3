import { z } from 'zod';
import { FieldErrorCode } from '../../validation/field-error-code.js';
import { type Checked, fieldErrors } from '../../validation/field-errors.js';
import { numberWithin } from '../../validation/number-within.js';
import { optionalText, report } from '../../validation/text-rules.js';
import { limits } from '../limits.js';
import { decodeCursor } from './cursor.js';
import { type CustomerOrder, customerOrder } from './customer-order.js';
import { type CustomerConnectionArgs, type CustomerPageArgs } from './list.args.js';
import { type CustomerFilter, type PageQuery } from './select-customers.js';

// No control characters, so not the separator of the searched fields either.
const search = optionalText(limits.search);

const pageRules = z.object({
  search,
  page: numberWithin(1, limits.page, 1),
  limit: numberWithin(1, limits.pageSize, limits.defaultPageSize),
});

/** A page to read, by its number. */
export interface PageRequest {
  readonly filter: CustomerFilter;
  readonly order: CustomerOrder;
  readonly page: number;
  readonly limit: number;
}

/** Checks the arguments of `customers`. */
export function checkPage(args: CustomerPageArgs): Checked<PageRequest> {
  const parsed = pageRules.safeParse(args);
  if (!parsed.success) return { errors: fieldErrors(parsed.error) };
  const { page, limit, search: text } = parsed.data;
  const order = customerOrder(args.orderBy, args.orderDirection);
  return { filter: { ...everyone, search: text }, order, page, limit };
}

const everyone: CustomerFilter = {
  search: null,
  status: null,
  createdFrom: null,
  createdTo: null,
  updatedFrom: null,
  updatedTo: null,
  deleted: false,
};

const connectionRules = z
  .object({
    first: numberWithin(1, limits.pageSize, null),
    last: numberWithin(1, limits.pageSize, null),
    filter: z.object({ search }).nullish(),
  })
  .superRefine(({ first, last }, context) => {
    if (first === null || last === null) return;
    report(
      context,
      { code: FieldErrorCode.MUTUALLY_EXCLUSIVE, message: 'must not be combined with `first`' },
      ['last'],
    );
  });

/** A page of a connection to read, from its start or from its end. */
export interface ConnectionRequest {
  readonly filter: CustomerFilter;
  readonly query: PageQuery;
  readonly fromEnd: boolean;
}

/** Checks the arguments of `customersConnection`. */
export function checkConnection(args: CustomerConnectionArgs): Checked<ConnectionRequest> {
  const parsed = connectionRules.safeParse(args);
  const order = customerOrder(args.orderBy?.field, args.orderBy?.direction);
  const after = checkCursor('after', order, args.after);
  const before = checkCursor('before', order, args.before);
  const errors = [...(parsed.success ? [] : fieldErrors(parsed.error)), ...after.errors, ...before.errors];
  if (!parsed.success || errors.length > 0) return { errors };
  const { first, last, filter } = parsed.data;
  return {
    filter: {
      search: filter?.search ?? null,
      status: args.filter?.status ?? null,
      createdFrom: args.filter?.createdAt?.from ?? null,
      createdTo: args.filter?.createdAt?.to ?? null,
      updatedFrom: args.filter?.updatedAt?.from ?? null,
      updatedTo: args.filter?.updatedAt?.to ?? null,
      deleted: args.filter?.deleted ?? false,
    },
    query: {
      ...order,
      after: after.position,
      before: before.position,
      limit: first ?? last ?? limits.defaultPageSize,
    },
    fromEnd: last !== null,
  };
}

function checkCursor(path: string, { field }: CustomerOrder, cursor: string | null | undefined) {
  const position = typeof cursor === 'string' ? decodeCursor(field, cursor) : undefined;
  const isBad = typeof cursor === 'string' && !position;
  const message = 'must be a cursor returned by a list with the same sort order';
  return { position, errors: isBad ? [{ path, message, code: FieldErrorCode.INVALID_CURSOR }] : [] };
}
