import { findTokenStatement } from '../../dist/src/auth/find-token.statement.js';
import { readClientsStatement } from '../../dist/src/auth/read-clients.statement.js';
import { prepared } from './customer-statements.ts';
import { type Section } from './listed-statement.ts';

/** The statements of authentication that are not written by the ORM. */
export function authStatements(): Section[] {
  return [
    {
      heading: 'Authentication',
      statements: [
        prepared(readClientsStatement, 'Every second, and for a request if the last read is 5 seconds old.'),
        prepared(
          findTokenStatement,
          'For a request with a token of the gateway that is not in the cache, where it stays for 5 seconds.',
        ),
      ],
    },
  ];
}
