import { ByteBudget } from '../../src/concurrency/byte-budget.js';
import { readConfig } from '../../src/config/config.js';
import { ResponseBytes } from '../../src/concurrency/response-bytes.js';

/** What counts the bytes of a response, with the default limits, for tests that call an operation without HTTP. */
export function anyResponse(): ResponseBytes {
  const { bounds, capacity } = readConfig({});
  return new ResponseBytes('client', {
    bytes: bounds.responseBytes,
    budget: new ByteBudget(capacity.responseBytes),
  });
}
