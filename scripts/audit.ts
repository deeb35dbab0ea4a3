import { execFile } from 'node:child_process';
import { z } from 'zod';

/**
 * Asks the registry for known vulnerabilities of the packages that run in production.
 *
 * The exit code is 1 for a vulnerability of level high or critical, and if nothing could be audited: the registry cannot be reached, or
 * does not have the service, as many mirrors do not. With `AUDIT_UNAVAILABLE=allow` these two pass. They print NOT AUDITED in any case.
 * Another failure of the registry, such as a 500, always has the exit code 1.
 */

/** The statuses of a server that does not serve this: RFC 9110, 15.5.5, 15.5.6 and 15.6.2. */
const notServed: ReadonlySet<number> = new Set([404, 405, 501]);

const report = z.object({
  vulnerabilities: z.record(z.string(), z.object({ severity: z.string() })).optional(),
  /** Of the registry's response. Missing if there was none. */
  statusCode: z.number().optional(),
  message: z.string().optional(),
});

const whenUnavailable = z.enum(['allow', 'fail']).default('fail');

const audit = (...options: string[]) =>
  new Promise<{ failed: boolean; stdout: string }>((resolve) => {
    const args = ['audit', '--omit=dev', '--audit-level=high', ...options];
    execFile('npm', args, { maxBuffer: Infinity }, (error, stdout) => {
      resolve({ failed: error !== null, stdout });
    });
  });

const setting = whenUnavailable.safeParse(process.env['AUDIT_UNAVAILABLE'] || undefined);
if (!setting.success) {
  process.stderr.write('AUDIT_UNAVAILABLE must be allow or fail.\n');
  process.exit(2);
}
const { failed, stdout } = await audit('--json');
const { vulnerabilities, statusCode, message } = report.parse(JSON.parse(stdout));
if (vulnerabilities) {
  const { stdout: text } = await audit();
  process.stdout.write(text);
  process.exitCode = failed ? 1 : 0;
} else if (statusCode === undefined || notServed.has(statusCode)) {
  const isAllowed = setting.data === 'allow';
  const advice = isAllowed
    ? 'AUDIT_UNAVAILABLE=allow lets this pass.'
    : 'Use a registry that serves audits, or set AUDIT_UNAVAILABLE=allow to let this pass.';
  process.stdout.write(
    `NOT AUDITED: the registry cannot be asked for vulnerabilities (${message}). Nothing was checked. ${advice}\n`,
  );
  process.exitCode = isAllowed ? 0 : 1;
} else {
  process.stdout.write(`The audit failed: ${message}\n`);
  process.exitCode = 1;
}
