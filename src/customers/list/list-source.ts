import { type ResponseBytes } from '../../graphql/bounds/response-bytes.js';
import { type SelectCustomers } from './select-customers.js';

/** Where a list reads its customers, and what counts their bytes. */
export interface ListSource {
  readonly list: SelectCustomers;
  readonly teamId: string;
  readonly response: ResponseBytes;
}
