import { type OperationTypeNode } from 'graphql';

/** A root field that a request ran. */
interface OperationRecord {
  /** Its name in the schema: never an alias or an operation name, which callers write. */
  readonly operation: string;
  /** The key it has in the answer, by which errors name it. */
  readonly key: string | number;
  /** The member of its union that it answered with, `ok` if it has no union, or the code of its error. */
  outcome: string;
}

/** Stands for the root field where a request failed before it ran any. */
const NO_OPERATION = 'none';

/** The key of what is no field's fault: no field has an empty name. */
const WHOLE_REQUEST = '';

const NO_UNION = 'ok';

/** What the log, the metrics and the trace tell of a request: which root fields ran, and how each ended. */
export class RequestRecord {
  /** Whether the request reads or writes; undefined until a root field has begun. */
  type: OperationTypeNode | undefined;
  readonly #operations: OperationRecord[] = [];

  get operations(): readonly Readonly<OperationRecord>[] {
    return this.#operations;
  }

  /** Notes a root field that begins. It ends as `ok` unless told otherwise. */
  begin(operation: string, key: string | number): OperationRecord {
    const record = { operation, key, outcome: NO_UNION };
    this.#operations.push(record);
    return record;
  }

  /** Notes an error of the root field with this key, or of the whole request, which counts once for all its errors. */
  fail(key: string | number | undefined, code: string): void {
    const at = key ?? WHOLE_REQUEST;
    const failed = this.#operations.find((operation) => operation.key === at) ?? this.begin(NO_OPERATION, at);
    failed.outcome = code;
  }
}
