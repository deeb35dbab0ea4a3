import { majorVersion, SUPPORTED_VERSIONS, versionProblem } from '../../database/server-version.js';
import { type Finding, failed, ok, warning } from './check.js';

/** Whether the gateway supports a version of PostgreSQL, such as `18.4`. */
export function versionFinding(version: string): Finding {
  const problem = versionProblem(version);
  if (problem !== undefined) return failed(problem);
  const { oldest, newest } = SUPPORTED_VERSIONS;
  if (majorVersion(version) <= newest) {
    return ok(`PostgreSQL ${version} is reachable; ${oldest} to ${newest} are supported.`);
  }
  return warning(
    `PostgreSQL ${version} is reachable, but the gateway is tested with PostgreSQL ${oldest} to ${newest} only.`,
  );
}
