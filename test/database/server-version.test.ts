import { expect, test } from 'vitest';
import { versionProblem } from '../../src/database/server-version.js';

test.each(['15.0', '15.18 (Debian 15.18-0+deb12u1)', '18.4', '19beta1', '100.1'])(
  'PostgreSQL %s is accepted',
  (version) => {
    expect(versionProblem(version)).toBeUndefined();
  },
);

test.each(['14.20', '9.6.24', '14rc1'])('PostgreSQL %s is refused', (version) => {
  expect(versionProblem(version)).toBe(
    `The server is PostgreSQL ${version}; PostgreSQL 15 to 18 is required.`,
  );
});
