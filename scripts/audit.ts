import { execFile } from 'node:child_process';
import { z } from 'zod';

/**
 * Asks the registry for known vulnerabilities of what runs in production. Exit code 1 for one of level high or
 * critical, and when the registry cannot be asked; a registry that does not have the service, as mirrors often do not,
 * is said aloud and passes.
 */

/** The statuses of a server that does not serve this: RFC 9110, 15.5.5, 15.5.6 and 15.6.2. */
const notServed: ReadonlySet<number> = new Set([404, 405, 501]);

const report = z.object({
  vulnerabilities: z.record(z.string(), z.object({ severity: z.string() })).optional(),
  statusCode: z.number().optional(),
  message: z.string().optional(),
});

const audit = (...options: string[]) =>
  new Promise<{ failed: boolean; stdout: string }>((resolve) => {
    const args = ['audit', '--omit=dev', '--audit-level=high', ...options];
    execFile('npm', args, { maxBuffer: Infinity }, (error, stdout) => {
      resolve({ failed: error !== null, stdout });
    });
  });

const { failed, stdout } = await audit('--json');
const { vulnerabilities, statusCode, message } = report.parse(JSON.parse(stdout));
if (vulnerabilities) {
  const { stdout: text } = await audit();
  process.stdout.write(text);
  process.exitCode = failed ? 1 : 0;
} else if (statusCode !== undefined && notServed.has(statusCode)) {
  process.stdout.write(
    `NOT AUDITED: this registry does not tell vulnerabilities (${message}). Nothing was checked.\n`,
  );
} else {
  process.stdout.write(`The audit failed: ${message}\n`);
  process.exitCode = 1;
}
