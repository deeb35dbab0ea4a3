import { type Statement } from '../../database/statement.js';
import { filterConditions } from './filter-conditions.js';
import { type CustomerFilter } from './select-customers.js';

export function countCustomersStatement(filter: CustomerFilter): Statement {
  return { text: `select count(*)::int as "count" from customer where ${filterConditions(filter)}` };
}
