import { beforeAll, describe, expect, test } from 'vitest';
import { migratedDatabase } from '../support/database.js';
import { refusedStart } from '../support/local-gateway.js';
import { GATEWAY, run, temporaryFolder } from '../support/process.js';
import { sharedResources } from '../support/resources.js';
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy.js';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let proxy: TcpProxy;
const resources = sharedResources();
beforeAll(async () => {
  folder = resources.adopt(await temporaryFolder(), (it) => it.remove());
  proxy = resources.adopt(await startTcpProxy(await migratedDatabase()), (it) => it.close());
  proxy.swallow();
});

describe('a start with its database', () => {
  test('on a closed port fails with the problem and no password', async () => {
    const reason = await refusedStart({
      DATA_DIR: folder.path,
      DATABASE_URL: 'postgresql://gateway:hunter2@127.0.0.1:1/gateway',
    });
    expect(reason).toMatch(/^The database is not available: .*ECONNREFUSED/);
    expect(reason).not.toContain('hunter2');
    expect(reason).not.toContain('    at ');
  });

  // As a process, which must also end although its connection stays open.
  test('on a silent port fails with the problem and no password', async () => {
    const { code, stderr } = await run(process.execPath, [GATEWAY], {
      DATA_DIR: folder.path,
      DATABASE_URL: proxy.url.replace(/:[^:]*@/, ':hunter2@'),
      PORT: '0',
    });
    expect(code).toBe(1);
    expect(stderr).toContain('The database is not available: ');
    expect(stderr).toContain('timeout');
    expect(stderr).not.toContain('hunter2');
    expect(stderr).not.toContain('    at ');
  });
});
