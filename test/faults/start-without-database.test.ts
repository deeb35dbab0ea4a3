import { beforeAll, describe, expect, test } from 'vitest';
import { migratedDatabase } from '../support/database.js';
import { run, temporaryFolder } from '../support/process.js';
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

describe('a start', () => {
  test.each([
    ['where nobody listens', () => 'postgresql://gateway:hunter2@127.0.0.1:1/gateway', 'ECONNREFUSED'],
    ['where nobody answers', () => proxy.url.replace(/:[^:]*@/, ':hunter2@'), 'timeout'],
  ])('with its database %s fails with what is wrong and no password', async (_case, databaseUrl, reason) => {
    const { code, stderr } = await run(process.execPath, ['dist/src/main.js'], {
      DATA_DIR: folder.path,
      DATABASE_URL: databaseUrl(),
      PORT: '0',
    });
    expect(code).toBe(1);
    expect(stderr).toContain('The database is not available: ');
    expect(stderr).toContain(reason);
    expect(stderr).not.toContain('hunter2');
    expect(stderr).not.toContain('    at ');
  });
});
