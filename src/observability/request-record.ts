import { type OperationTypeNode } from 'graphql';

/** A root field of a request. */
interface OperationRecord {
  /** Name in the schema. Never an alias or an operation name, which callers choose. */
  readonly operation: string;
  /** Key in the response, by which errors name the field. */
  readonly key: string | number;
  /** The union member that was returned, `ok` for a field without a union, or the code of its error. */
  outcome: string;
  /** The first customer that it changed. */
  customerId: string | undefined;
}

/** Customers of a request that are recorded by their IDs: those of a full bulk. */
const MAX_CUSTOMERS = 100;

/** Operation of a request that failed before it ran a root field. */
const NO_OPERATION = 'none';

/** Key of errors without a field. No field has an empty name. */
const WHOLE_REQUEST = '';

const NO_UNION = 'ok';

/** The root fields that a request ran and the outcome of each, for the log, the metrics and the trace. */
export class RequestRecord {
  /** Whether the request reads or writes; undefined until a root field has begun. */
  type: OperationTypeNode | undefined;
  readonly #operations: OperationRecord[] = [];
  /** Undefined until a customer has been changed, which no read does. */
  #customerIds: string[] | undefined;
  #customers = 0;

  get operations(): readonly Readonly<OperationRecord>[] {
    return this.#operations;
  }

  /** The IDs of the customers that the request changed, at most 100. Undefined if it changed none. */
  get customerIds(): readonly string[] | undefined {
    return this.#customerIds;
  }

  /** Number of customers that the request changed. */
  get customers(): number {
    return this.#customers;
  }

  /** Records the customers that a root field has changed. */
  addCustomers(operation: OperationRecord, ids: readonly string[]): void {
    if (ids.length === 0) return;
    operation.customerId = ids[0];
    this.#customers += ids.length;
    this.#customerIds ??= [];
    this.#customerIds.push(...ids.slice(0, MAX_CUSTOMERS - this.#customerIds.length));
  }

  /** Records a root field that begins. Its outcome is `ok` until it is set. */
  begin(operation: string, key: string | number): OperationRecord {
    const record: OperationRecord = { operation, key, outcome: NO_UNION, customerId: undefined };
    this.#operations.push(record);
    return record;
  }

  /** Notes an error of the root field with this key, or of the whole request, which counts once for all its errors. */
  fail(key: string | number | undefined, code: string): void {
    const at = key ?? WHOLE_REQUEST;
    const failed = this.#operations.find((operation) => operation.key === at) ?? this.begin(NO_OPERATION, at);
    failed.outcome = code;
  }

  /** Notes that the whole operation was refused: an error of one root field can hide those of the others. */
  failAll(code: string): void {
    for (const operation of this.#operations) operation.outcome = code;
  }
}
