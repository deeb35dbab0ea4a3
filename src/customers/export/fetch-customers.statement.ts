import { type Statement } from '../../database/statement.js';

/** Customers that are held in memory at once. */
const PAGE = 100;

export const fetchCustomersStatement: Statement = { text: `fetch ${PAGE} from snapshot` };
