import { expect, test } from 'vitest';
import { freePort } from '../support/free-port.js';
import { run, startGatewayProcess, temporaryFolder } from '../support/process.js';

test('every request of examples/forgeries.mjs gets the response it expects', async () => {
  const folder = await temporaryFolder();
  const issuer = `http://127.0.0.1:${await freePort()}/`;
  const gateway = await startGatewayProcess({
    DATA_DIR: folder.path,
    JWT_JWKS_URL: `${issuer}jwks`,
    JWT_ISSUER: issuer,
    JWT_AUDIENCE: 'customer-gateway',
  });
  try {
    const { code, stdout, stderr } = await run(
      process.execPath,
      ['examples/forgeries.mjs', '--jwt', issuer],
      {
        DATA_DIR: folder.path,
      },
    );
    const lines = stdout.trim().split('\n');
    expect(stderr).toBe('');
    expect(lines.filter((line) => !line.startsWith('ok'))).toEqual([]);
    expect(lines).toHaveLength(30);
    expect(code).toBe(0);
  } finally {
    await gateway.stop('SIGTERM');
    await folder.remove();
  }
}, 60_000);
