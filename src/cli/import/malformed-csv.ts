/** Maximum bytes of a record, the same as for a request body, so that a quote that is never closed cannot fill the memory. */
export const MAX_RECORD_BYTES = 1_048_576;

/** A file that is not valid CSV, or not valid text. */
export class MalformedCsv extends Error {
  override readonly name = 'MalformedCsv';

  /** @param isQuoteInCell - whether a cell without quotes has one, as in `="0123"`. */
  constructor(
    message: string,
    options?: ErrorOptions,
    readonly isQuoteInCell = false,
  ) {
    super(message, options);
  }
}
