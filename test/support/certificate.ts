import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A self-signed certificate with its private key, as PEM. */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

/** Makes one with `openssl`. @param days - until it expires; -1: yesterday. */
export function makeCertificate(name: string, days: number): Certificate {
  const folder = mkdtempSync(join(tmpdir(), 'certificate-'));
  const run = (command: string) =>
    execFileSync('openssl', command.split(' '), { cwd: folder, encoding: 'utf8', stdio: 'pipe' });
  try {
    run(
      'req -new -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout key.pem -out request.pem ' +
        `-subj /CN=${name} -addext subjectAltName=DNS:${name}`,
    );
    // `req -x509` accepts no negative number of days.
    const cert = run(`x509 -req -in request.pem -signkey key.pem -copy_extensions copyall -days ${days}`);
    return { cert, key: readFileSync(join(folder, 'key.pem'), 'utf8') };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
