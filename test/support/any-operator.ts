import { type Operator } from '../../src/audit/operator.js';

/** An operator without an SSH session. */
export const anyOperator: Operator = {
  operator: 'Ada',
  account: 'ada',
  host: 'admin.example',
  clientAddress: null,
  pid: 1,
  version: '0.0.0',
};
