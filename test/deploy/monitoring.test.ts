import { readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { eventually } from '../support/eventually.js';
import { parseExposition, type Scrape } from '../support/exposition.js';
import { startTestGateway } from '../support/gateway.js';
import { CREATE_CUSTOMER } from '../support/operations.js';
import { describeWith } from '../support/programs.js';
import { parsePromQl } from '../support/promql.js';
import { startRedis } from '../support/redis.js';
import { sharedResources } from '../support/resources.js';
import { exchange, newEmail } from '../support/signed-client.js';
import { createEndpoint } from '../support/webhook-operations.js';
import { startWebhookReceiver } from '../support/webhook-receiver.js';

/** Labels that Prometheus adds to what it scrapes. */
const TARGET_LABELS = ['job', 'instance', 'namespace'];

/** Labels with few values, all of which the traffic of this test makes. */
const COMPLETE_LABELS = new Set(['route', 'operation', 'reason']);

const rulesFile = z.object({
  groups: z.array(
    z.object({
      rules: z.array(
        z.object({
          alert: z.string(),
          expr: z.string(),
          labels: z.object({ severity: z.enum(['critical', 'warning']) }),
          annotations: z.object({ summary: z.string(), description: z.string(), runbook: z.string() }),
        }),
      ),
    }),
  ),
});

const dashboardFile = z.object({
  templating: z.object({ list: z.array(z.object({ name: z.string(), type: z.string() })) }),
  panels: z.array(
    z.object({
      id: z.number(),
      title: z.string(),
      type: z.string(),
      datasource: z.object({ uid: z.string() }).optional(),
      targets: z
        .array(
          z.object({ expr: z.string(), legendFormat: z.string(), datasource: z.object({ uid: z.string() }) }),
        )
        .default([]),
    }),
  ),
});

const alerts = rulesFile
  .parse(parse(await readFile('deploy/prometheus/alerts.yml', 'utf8')))
  .groups.flatMap(({ rules }) => rules);
const dashboard = dashboardFile.parse(
  JSON.parse(await readFile('deploy/grafana/customer-gateway.json', 'utf8')),
);
const targets = dashboard.panels.flatMap((panel) => panel.targets.map((target) => ({ ...target, panel })));

/** All expressions, with the texts that show labels of their results. */
const expressions = [
  ...targets.map(({ expr, legendFormat, panel }) => [`panel "${panel.title}"`, expr, legendFormat] as const),
  ...alerts.map(
    ({ alert, expr, annotations }) =>
      [`alert ${alert}`, expr, Object.values(annotations).join('\n')] as const,
  ),
];

describeWith('redis-server')('the dashboard and the alerts', () => {
  let scrape: Scrape;
  const resources = sharedResources();

  /** Every metric of a gateway, after a little of everything that it counts. */
  beforeAll(async () => {
    const redis = resources.adopt(await startRedis(), (it) => it.kill());
    const receiver = resources.adopt(await startWebhookReceiver(), (it) => it.close());
    const gateway = resources.adopt(
      await startTestGateway(
        {
          redisUrl: redis.url,
          webhooks: { deliver: true, allowPrivate: true, httpsOnly: false },
          rateLimit: { max: 4, windowSeconds: 60 },
        },
        2,
      ),
      (it) => it.close(),
    );
    const partner = gateway.nextPartner();
    await createEndpoint(partner, receiver.url);
    const create = (timestamp?: string) =>
      partner.send(
        CREATE_CUSTOMER,
        { input: { customer: 'Acme', email: newEmail() } },
        timestamp ? { timestamp } : {},
      );
    await create();
    const body = JSON.stringify({
      query: CREATE_CUSTOMER,
      variables: { input: { customer: 'A', email: newEmail() } },
    });
    const timestamp = String(Date.now());
    for (let attempt = 0; attempt < 2; attempt += 1) await partner.post(body, { timestamp });
    await partner.send('{ __typename }', {}, { headers: { 'x-signature': '0'.repeat(64) } });
    for (let call = 0; call < 4; call += 1) await create();
    await sendMalformed(gateway.url);
    const read = async () =>
      parseExposition((await exchange(new URL('/metrics', gateway.url), 'GET', {}, '')).text);
    // Node reports a garbage collection when it has time to.
    const late = ['gateway_webhook_attempts_total', 'nodejs_gc_duration_seconds_count'];
    await eventually('a webhook and a garbage collection are counted', async () => {
      scrape = await read();
      return late.every((name) => scrape.sum(name) > 0);
    });
  });

  const labelsOf = (metric: string) =>
    new Set(
      scrape.samples.filter(({ name }) => name === metric).flatMap(({ labels }) => Object.keys(labels)),
    );

  test.each(expressions)('%s reads metrics and labels that a gateway shows', (_name, expr, shown) => {
    const { selectors, grouping } = parsePromQl(expr);
    expect(selectors).not.toEqual([]);
    const known = new Set(TARGET_LABELS);
    for (const { metric, matchers } of selectors) {
      if (metric === 'up') continue;
      const series = scrape.samples.filter(({ name }) => name === metric);
      expect([metric, series.length]).not.toEqual([metric, 0]);
      for (const label of labelsOf(metric)) known.add(label);
      for (const { label, value } of matchers) {
        expect(known).toContain(label);
        if (!COMPLETE_LABELS.has(label)) continue;
        const values = series.map(({ labels }) => labels[label]);
        expect(values).toEqual(expect.arrayContaining(value.split('|')));
      }
    }
    const used = [...shown.matchAll(/\{\{\s*(?:\$labels\.)?(?<label>[a-z]+)\s*\}\}/g)].map(
      ({ groups = {} }) => groups['label'],
    );
    for (const label of [...grouping, ...used]) expect(known).toContain(label);
  });

  test('the dashboard has every metric of the gateway', () => {
    const family = (name: string) => name.replace(/_(?:bucket|sum|count)$/, '');
    const shown = new Set(
      targets.flatMap(({ expr }) => parsePromQl(expr).selectors.map(({ metric }) => family(metric))),
    );
    const own = scrape.samples
      .map(({ name }) => family(name))
      .filter((name) => /^(?:gateway|http)_/.test(name));
    expect([...new Set(own)].filter((name) => !shown.has(name))).toEqual([]);
  });
});

describe('the dashboard', () => {
  test('reads the data source that the reader chooses', () => {
    expect(dashboard.templating.list).toContainEqual({ name: 'datasource', type: 'datasource' });
    for (const { datasource, panel } of targets) {
      expect([panel.title, datasource.uid]).toEqual([panel.title, '${datasource}']);
    }
    const ids = dashboard.panels.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  test('filters by the variables that it has', () => {
    const names = new Set(dashboard.templating.list.map(({ name }) => name));
    for (const { expr } of targets) {
      for (const [, name = ''] of expr.matchAll(/\$(?!__)(\w+)/g)) expect(names).toContain(name);
      for (const { matchers } of parsePromQl(expr).selectors) {
        expect(matchers.map(({ label }) => label)).toEqual(expect.arrayContaining(['job', 'instance']));
      }
    }
  });
});

describe('the alerts', () => {
  test('are each tested, for promtool', async () => {
    const tests = await readFile('deploy/prometheus/alerts.test.yml', 'utf8');
    for (const { alert } of alerts) expect(tests).toContain(`alertname="${alert}"`);
  });

  test('name a section of the documents to read', async () => {
    for (const { alert, annotations } of alerts) {
      const [file = '', anchor = ''] = annotations.runbook.split('#');
      const headings = (await readFile(file, 'utf8')).matchAll(/^#+ (.+)$/gm);
      const anchors = [...headings].map(([, heading = '']) => heading.toLowerCase().replaceAll(' ', '-'));
      expect([alert, ...anchors]).toContain(anchor);
    }
  });

  test('read the scrape job that the documents and the chart name', () => {
    for (const { expr } of alerts) {
      for (const { matchers } of parsePromQl(expr).selectors) {
        expect(matchers).toContainEqual({ label: 'job', operator: '=', value: 'customer-gateway' });
      }
    }
  });
});

/** Sends what is not HTTP, and waits for the response. */
async function sendMalformed(url: string): Promise<void> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  socket.end('malformed\r\n\r\n');
  socket.resume();
  await new Promise((resolve) => socket.once('close', resolve));
}
