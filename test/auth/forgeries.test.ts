import { expect, test } from '@jest/globals';
import { run, startGatewayProcess, temporaryFolder } from '../support/process.js';

test('every forgery of the catalogue is refused for its reason', async () => {
  const folder = await temporaryFolder();
  const gateway = await startGatewayProcess({
    DATA_DIR: folder.path,
    JWT_JWKS_URL: 'http://127.0.0.1:4100/jwks',
    JWT_ISSUER: 'http://127.0.0.1:4100/',
    JWT_AUDIENCE: 'customer-gateway',
  });
  try {
    const { code, stdout } = await run(process.execPath, ['examples/forgeries.mjs', '--jwt'], {
      DATA_DIR: folder.path,
    });
    const lines = stdout.trim().split('\n');
    expect(lines.filter((line) => !line.startsWith('as it should be'))).toEqual([]);
    expect(lines).toHaveLength(30);
    expect(code).toBe(0);
  } finally {
    await gateway.stop('SIGTERM');
    await folder.remove();
  }
}, 60_000);
