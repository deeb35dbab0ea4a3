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
async function auditWith(
  status: number,
  body: object,
  variables: Readonly<Record<string, string>> = {},
): Promise<Finished> {
  const registry = createServer((request, response) => {
    request.resume();
    response.setHeader('content-type', 'application/json');
    if (request.method === 'POST') response.writeHead(status).end(JSON.stringify(body));
    else response.end(JSON.stringify({ name: 'fastify', versions: {}, 'dist-tags': {} }));
  });
  const port = await listen(registry);
  try {
    return await audit(port, variables);
  } finally {
    registry.close();
    registry.closeAllConnections();
  }
}

/** Audits with the registry on this port. */
function audit(port: number, variables: Readonly<Record<string, string>>): Promise<Finished> {
  return run(process.execPath, ['scripts/audit.ts'], {
    npm_config_registry: `http://127.0.0.1:${port}`,
    npm_config_cache: cache.path,
    npm_config_fetch_retries: '0',
    ...variables,
  });
}

const allow = { AUDIT_UNAVAILABLE: 'allow' };

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

  test('fails where the registry does not serve it', async () => {
    const { code, stdout } = await auditWith(404, {});
    expect(stdout).toMatch(/^NOT AUDITED: .*Nothing was checked.*set AUDIT_UNAVAILABLE=allow/);
    expect(code).toBe(1);
  });

  test('passes there if AUDIT_UNAVAILABLE allows it, and still says that nothing was checked', async () => {
    const { code, stdout } = await auditWith(501, {}, allow);
    expect(stdout).toMatch(/^NOT AUDITED: .*Nothing was checked/);
    expect(code).toBe(0);
  });

  test('treats a registry that cannot be reached in the same way', async () => {
    const { code, stdout } = await audit(await closedPort(), {});
    expect(stdout).toMatch(/^NOT AUDITED: .*ECONNREFUSED/);
    expect(code).toBe(1);
  });

  test('fails for another failure of the registry, also with AUDIT_UNAVAILABLE=allow', async () => {
    const { code, stdout } = await auditWith(500, {}, allow);
    expect(stdout).toContain('The audit failed');
    expect(code).toBe(1);
  });

  test('refuses another value of AUDIT_UNAVAILABLE', async () => {
    const { code, stderr } = await auditWith(404, {}, { AUDIT_UNAVAILABLE: 'yes' });
    expect([code, stderr]).toEqual([2, 'AUDIT_UNAVAILABLE must be allow or fail.\n']);
  });
});

/** A port on which nothing listens. */
async function closedPort(): Promise<number> {
  const server = createServer();
  const port = await listen(server);
  await new Promise((resolve) => server.close(resolve));
  return port;
}
