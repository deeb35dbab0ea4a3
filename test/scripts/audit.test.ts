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

const advisory = (severity: 'moderate' | 'high') => ({
  fastify: [
    {
      // npm caches an advisory by its id.
      id: severity === 'high' ? 1 : 2,
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
  test('fails for a vulnerability that is high, and names it', async () => {
    const { code, stdout } = await auditWith(200, advisory('high'));
    expect(stdout).toContain('A hole');
    expect(code).toBe(1);
  });

  test('passes for a lesser one, which it names, and for none', async () => {
    const lesser = await auditWith(200, advisory('moderate'));
    expect(lesser.stdout).toContain('A hole');
    expect(lesser.code).toBe(0);
    expect(await auditWith(200, {})).toMatchObject({ code: 0, stdout: 'found 0 vulnerabilities\n' });
  });

  test.each([404, 501])('says that nothing was checked where the registry answers %i', async (status) => {
    const { code, stdout } = await auditWith(status, {});
    expect(stdout).toContain('NOT AUDITED');
    expect(code).toBe(0);
  });

  test('fails where the registry answers otherwise', async () => {
    const { code, stdout } = await auditWith(500, {});
    expect(stdout).toContain('The audit failed');
    expect(code).toBe(1);
  });
});
