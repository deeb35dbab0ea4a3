import { createServer } from 'node:http';
import { beforeAll, describe, expect, test } from 'vitest';
import { listen } from '../support/listen.js';
import { type Finished, run, temporaryFolder } from '../support/process.js';
import { sharedResources } from '../support/resources.js';

/** Of npm's own, which keeps advisories. */
let cache: Awaited<ReturnType<typeof temporaryFolder>>;
const resources = sharedResources();
beforeAll(async () => {
  cache = resources.adopt(await temporaryFolder(), (it) => it.remove());
});

const severities = ['moderate', 'high', 'critical'];

const advisory = (severity: string) => ({
  fastify: [
    {
      id: severities.indexOf(severity),
      url: 'https://example.com/advisory',
      title: 'A hole',
      severity,
      vulnerable_versions: '*',
      cwe: [],
      cvss: { score: 0, vectorString: null },
    },
  ],
});

/** Audits with a registry that answers every question for vulnerabilities so. */
async function auditWith(status: number, body: object): Promise<Finished> {
  const registry = createServer((request, response) => {
    request.resume();
    response.setHeader('content-type', 'application/json');
    if (request.method === 'POST') response.writeHead(status).end(JSON.stringify(body));
    else response.end(JSON.stringify({ name: 'fastify', versions: {}, 'dist-tags': {} }));
  });
  const port = await listen(registry);
  try {
    return await run(process.execPath, ['scripts/audit.ts'], {
      npm_config_registry: `http://127.0.0.1:${port}`,
      npm_config_cache: cache.path,
      npm_config_fetch_retries: '0',
    });
  } finally {
    registry.close();
    registry.closeAllConnections();
  }
}

describe('the audit', () => {
  test.each(['high', 'critical'])('fails for a vulnerability that is %s, and names it', async (severity) => {
    const { code, stdout } = await auditWith(200, advisory(severity));
    expect(stdout).toContain('A hole');
    expect(code).toBe(1);
  });

  test('passes for a lesser one, which it names, and for none', async () => {
    const lesser = await auditWith(200, advisory('moderate'));
    expect(lesser.stdout).toContain('A hole');
    expect(lesser.code).toBe(0);
    expect(await auditWith(200, {})).toMatchObject({ code: 0, stdout: 'found 0 vulnerabilities\n' });
  });

  test.each([404, 405, 501])(
    'says that nothing was checked where the registry answers %i',
    async (status) => {
      const { code, stdout } = await auditWith(status, {});
      expect(stdout).toContain('NOT AUDITED');
      expect(code).toBe(0);
    },
  );

  test.each([403, 500])('fails where the registry answers %i', async (status) => {
    const { code, stdout } = await auditWith(status, {});
    expect(stdout).toContain('The audit failed');
    expect(code).toBe(1);
  });
});
