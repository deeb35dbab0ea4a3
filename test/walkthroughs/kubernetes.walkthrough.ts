import { randomBytes } from 'node:crypto';
import { beforeAll, describe, expect, test } from 'vitest';
import { readConfig } from '../../src/config/config.js';
import { variables } from '../../src/config/environment.js';
import { STOP_DEADLINE_MS } from '../../src/config/stop-deadline.js';
import { isPublicAddress } from '../../src/webhooks/send/public-address.js';
import { parse } from 'yaml';
import { helm, type Manifest, renderChart, runHelm } from '../support/chart.js';
import { codeBlocks } from '../support/code-block.js';
import { imageCommand } from '../support/dockerfile.js';
import { manifestProblems } from '../support/manifests.js';
import { describeWith } from '../support/programs.js';

/** The least that an operator gives. */
const MINIMAL = { image: { repository: 'registry.example/customer-gateway' } };

/** Every part of the chart, and every form of a value. */
const FULL = {
  image: {
    repository: 'registry.example/customer-gateway',
    digest: `sha256:${'a'.repeat(64)}`,
    pullSecrets: ['registry'],
  },
  secrets: {
    REDIS_URL: { name: 'redis', key: 'url' },
    METRICS_TOKEN: { name: 'metrics' },
    DATABASE_DIRECT_URL: { name: 'direct' },
  },
  settings: {
    MAX_BODY_BYTES: 67_108_864,
    RATE_LIMIT_MAX: '200',
    PLAYGROUND: true,
    OTEL_TRACES_SAMPLER: 'traceidratio',
    OTEL_TRACES_SAMPLER_ARG: 0.25,
    OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318',
    JWT_JWKS_URL: 'https://issuer.example/keys',
    JWT_ISSUER: 'https://issuer.example',
    JWT_AUDIENCE: 'gateway',
  },
  gateway: { autoscaling: { enabled: true, maxReplicas: 20 } },
  worker: { enabled: true },
  ingress: {
    enabled: true,
    className: 'public',
    host: 'api.example.com',
    tlsSecretName: 'certificate',
    annotations: { 'example.com/timeout': '60' },
  },
  pod: {
    labels: { 'example.com/team': 'partners' },
    annotations: { 'example.com/owner': 'partners' },
    nodeSelector: { 'kubernetes.io/arch': 'amd64' },
    tolerations: [{ key: 'dedicated', operator: 'Exists' }],
    affinity: { podAntiAffinity: {} },
    priorityClassName: 'high',
    extraVolumes: [{ name: 'authority', configMap: { name: 'authority' } }],
    extraVolumeMounts: [{ name: 'authority', mountPath: '/etc/authority', readOnly: true }],
  },
  networkPolicy: {
    from: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'ingress' } } }],
    database: { to: [{ ipBlock: { cidr: '10.0.0.5/32' } }], ports: [5432, 6432] },
  },
  monitoring: {
    podMonitor: { enabled: true, labels: { release: 'prometheus' } },
    prometheusRule: { enabled: true },
    dashboard: { enabled: true },
  },
};

const kindsOf = (manifests: readonly Manifest[]) =>
  manifests.map(({ kind, metadata }) => `${kind} ${metadata.name}`).toSorted();

function find(manifests: readonly Manifest[], kind: string, suffix = ''): Manifest {
  const name = `partners-customer-gateway${suffix}`;
  const found = manifests.find((manifest) => manifest.kind === kind && manifest.metadata.name === name);
  if (!found) throw new Error(`The chart rendered no ${kind} ${name}`);
  return found;
}

/** The pods of Deployments and Jobs, each with one container. */
const podsOf = (manifests: readonly Manifest[]) =>
  manifests.flatMap(({ spec }) => (spec?.template === undefined ? [] : [spec.template]));

interface Variable {
  readonly name: string;
  readonly value?: string;
  readonly valueFrom?: { readonly secretKeyRef: { readonly name: string; readonly key: string } };
}

/** The variables of a pod, those from Secrets as `SECRET/KEY`. */
function environmentOf(pod: ReturnType<typeof podsOf>[number]): Record<string, string> {
  const variablesOf: readonly Variable[] = pod.spec.containers[0].env;
  return Object.fromEntries(
    variablesOf.map(({ name, value, valueFrom }) => {
      const reference = valueFrom?.secretKeyRef;
      return [name, value ?? `${reference?.name}/${reference?.key}`];
    }),
  );
}

const refusal = (values: object) =>
  renderChart(values).then(
    () => 'accepted',
    (error: unknown) => String(error),
  );

describeWith(helm)('the Helm chart', () => {
  let minimal: Manifest[];
  let full: Manifest[];
  beforeAll(async () => {
    [minimal, full] = await Promise.all([renderChart(MINIMAL), renderChart(FULL)]);
  });

  test.each([
    ['the least values', MINIMAL],
    ['all values', FULL],
  ])('passes `helm lint --strict` and the schemas of Kubernetes with %s', async (_name, values) => {
    expect(await runHelm(['lint', '--strict'], values)).toMatchObject({ code: 0 });
    expect(await manifestProblems(await renderChart(values))).toEqual([]);
  });

  test('takes the values of its document', async () => {
    const examples = (await codeBlocks('docs/kubernetes.md')).filter(({ language }) => language === 'yaml');
    expect(examples).toHaveLength(3);
    for (const { code } of examples) {
      expect(await manifestProblems(await renderChart({ ...MINIMAL, ...parse(code) }))).toEqual([]);
    }
  });

  test('the schemas of Kubernetes refuse unknown fields, wrong types and bad formats', async () => {
    const manifests = structuredClone(minimal);
    const deployment = find(manifests, 'Deployment');
    deployment.spec.template.spec.automountToken = true;
    deployment.spec.replicas = 'two';
    find(manifests, 'Service').spec.ports[0].port = 80.5;
    const problems = (await manifestProblems(manifests)).join('\n');
    expect(problems).toContain(`'"automountToken"' does not exist`);
    expect(problems).toContain("'string' is not assignable to type 'number'");
    expect(problems).toContain('ports/0/port must be integer');
  });

  test('by default has gateways that deliver webhooks, and no more than they need', async () => {
    expect(kindsOf(minimal)).toEqual([
      'Deployment partners-customer-gateway',
      'Job partners-customer-gateway-migrate',
      'NetworkPolicy partners-customer-gateway',
      'NetworkPolicy partners-customer-gateway-migrate',
      'PodDisruptionBudget partners-customer-gateway',
      'Service partners-customer-gateway',
      'ServiceAccount partners-customer-gateway',
    ]);
    const [gateway] = podsOf([find(minimal, 'Deployment')]);
    expect(environmentOf(gateway)).toMatchObject({ MIGRATE: 'off', WEBHOOKS: 'on' });
    expect(gateway.spec.containers[0].image).toMatch(/^registry\.example\/customer-gateway:\d+\.\d+\.\d+$/);
  });

  test('has all its parts if they are enabled', async () => {
    const manifests = full;
    expect(kindsOf(manifests)).toEqual([
      'ConfigMap partners-customer-gateway-dashboard',
      'Deployment partners-customer-gateway',
      'Deployment partners-customer-gateway-worker',
      'HorizontalPodAutoscaler partners-customer-gateway',
      'Ingress partners-customer-gateway',
      'Job partners-customer-gateway-migrate',
      'NetworkPolicy partners-customer-gateway',
      'NetworkPolicy partners-customer-gateway-migrate',
      'NetworkPolicy partners-customer-gateway-worker',
      'PodDisruptionBudget partners-customer-gateway',
      'PodDisruptionBudget partners-customer-gateway-worker',
      'PodMonitor partners-customer-gateway',
      'PrometheusRule partners-customer-gateway',
      'Service partners-customer-gateway',
      'ServiceAccount partners-customer-gateway',
    ]);
    // A replica count would be reset by each upgrade.
    expect(find(manifests, 'Deployment').spec).not.toHaveProperty('replicas');
    expect(find(manifests, 'Ingress').spec.rules[0].http.paths).toMatchObject([
      { path: '/graphql', pathType: 'Exact' },
    ]);
    expect(find(manifests, 'PrometheusRule').spec.groups).not.toEqual([]);
  });

  test('has a worker that runs the image’s command line, and gateways that leave webhooks to it', async () => {
    const manifests = full;
    const [gateway] = podsOf([find(manifests, 'Deployment')]);
    const [worker] = podsOf([find(manifests, 'Deployment', '-worker')]);
    expect(environmentOf(gateway)).toMatchObject({ WEBHOOKS: 'off' });
    expect(environmentOf(worker)).toEqual(environmentOf(gateway));
    const start = (await imageCommand()).slice(0, -1);
    expect(worker.spec.containers[0].command).toEqual([...start, 'dist/src/cli/main.js', 'work']);
    expect(gateway.spec.containers[0]).not.toHaveProperty('command');
  });

  test('migrates before each install and upgrade, after the network policy of the Job', async () => {
    const manifests = await renderChart({
      ...FULL,
      migrations: { databaseUrl: { name: 'owner', key: 'url' } },
    });
    const job = find(manifests, 'Job', '-migrate');
    const policy = find(manifests, 'NetworkPolicy', '-migrate');
    const hook = { 'helm.sh/hook': 'pre-install,pre-upgrade' };
    expect(job.metadata.annotations).toMatchObject(hook);
    expect(policy.metadata.annotations).toMatchObject(hook);
    const weightOf = ({ metadata }: Manifest) => Number(metadata.annotations?.['helm.sh/hook-weight']);
    expect(weightOf(policy)).toBeLessThan(weightOf(job));
    expect(job.spec.template.spec.containers[0].command.slice(-2)).toEqual([
      'dist/src/cli/main.js',
      'migrate',
    ]);

    // Everything else of the chart does not exist yet, or is of the release before.
    const others = manifests.filter(({ metadata }) => metadata.annotations?.['helm.sh/hook'] === undefined);
    expect(job.spec.template.spec).not.toHaveProperty('serviceAccountName');
    expect(kindsOf(others)).not.toContain('ConfigMap partners-customer-gateway');

    // The owner's address alone: another one of the database would take precedence.
    expect(environmentOf(job.spec.template)).toMatchObject({ DATABASE_URL: 'owner/url' });
    expect(environmentOf(job.spec.template)).not.toHaveProperty('DATABASE_DIRECT_URL');
    const same = find(full, 'Job', '-migrate').spec.template;
    expect(environmentOf(same)).toMatchObject({
      DATABASE_URL: 'customer-gateway/DATABASE_URL',
      DATABASE_DIRECT_URL: 'direct/DATABASE_DIRECT_URL',
    });
  });

  test('gives the gateway only settings that it has, as it reads them', () => {
    for (const pod of podsOf(full)) {
      expect(Object.keys(variables.shape)).toEqual(expect.arrayContaining(Object.keys(environmentOf(pod))));
    }
    const [gateway] = podsOf([find(full, 'Deployment')]);
    const config = readConfig({
      ...environmentOf(gateway),
      DATABASE_URL: 'postgresql://gateway@postgres/gateway',
      DATABASE_DIRECT_URL: 'postgresql://gateway@postgres/gateway',
      REDIS_URL: 'redis://redis',
      SECRETS_KEY: randomBytes(32).toString('base64'),
      METRICS_TOKEN: 'x'.repeat(32),
    });
    expect(config).toMatchObject({ playground: true, rateLimit: { max: 200 } });
    expect(config.bounds.bodyBytes).toBe(67_108_864);
  });

  test('takes secrets from existing Secrets only', async () => {
    expect(full.filter(({ kind }) => kind === 'Secret')).toEqual([]);
    const [gateway] = podsOf([find(full, 'Deployment')]);
    expect(environmentOf(gateway)).toMatchObject({
      DATABASE_URL: 'customer-gateway/DATABASE_URL',
      SECRETS_KEY: 'customer-gateway/SECRETS_KEY',
      REDIS_URL: 'redis/url',
      METRICS_TOKEN: 'metrics/METRICS_TOKEN',
    });
    const key = 'c2VjcmV0';
    expect(await refusal({ ...MINIMAL, settings: { SECRETS_KEY: key } })).toContain('SECRETS_KEY');
    expect(await refusal({ ...MINIMAL, secrets: { SECRETS_KEY: key } })).toContain('/secrets/SECRETS_KEY');
  });

  test.each([
    ['no image', {}, '/image/repository'],
    ['an unknown value', { ...MINIMAL, replicas: 3 }, "'replicas' not allowed"],
    ['an unknown setting', { ...MINIMAL, settings: { RATE_LIMIT: 5 } }, "'RATE_LIMIT' not allowed"],
    ['a setting of the chart', { ...MINIMAL, settings: { MIGRATE: 'start' } }, "'MIGRATE' not allowed"],
    ['a setting of another type', { ...MINIMAL, settings: { RATE_LIMIT_MAX: 'many' } }, 'RATE_LIMIT_MAX'],
    ['half a replica', { ...MINIMAL, gateway: { replicas: 1.5 } }, '/gateway/replicas'],
    ['an Ingress without a host', { ...MINIMAL, ingress: { enabled: true } }, 'ingress.host is required'],
    [
      'a PodMonitor without a token',
      { ...MINIMAL, monitoring: { podMonitor: { enabled: true } } },
      'secrets.METRICS_TOKEN is required',
    ],
  ])('refuses %s', async (_name, values, message) => {
    expect(await refusal(values)).toContain(message);
  });

  test('selects the pods of one component everywhere', async () => {
    const manifests = full;
    const labels = podsOf(manifests).map(({ metadata }) => metadata.labels);
    const selectors = manifests.flatMap(({ kind, spec }): unknown[] => {
      if (kind === 'Service') return [spec.selector];
      if (kind === 'NetworkPolicy') return [spec.podSelector.matchLabels];
      return ['Deployment', 'PodDisruptionBudget'].includes(kind) ? [spec.selector.matchLabels] : [];
    });
    expect(selectors).toHaveLength(8);
    for (const selector of selectors) {
      expect(
        labels.filter((it) => Object.entries(Object(selector)).every(([name, text]) => it[name] === text)),
      ).toHaveLength(1);
    }
    const scaled = find(manifests, 'HorizontalPodAutoscaler').spec.scaleTargetRef;
    expect(find(manifests, scaled.kind).metadata.name).toBe(scaled.name);
    // Named, so that the policies and the PodMonitor follow the container.
    expect(find(manifests, 'Service').spec.ports[0].targetPort).toBe('http');
  });

  test('satisfies the restricted Pod Security Standard, on a read-only root', async () => {
    const pods = podsOf(full);
    expect(pods).toHaveLength(3);
    for (const { spec } of pods) {
      expect(spec).toMatchObject({
        automountServiceAccountToken: false,
        securityContext: { runAsNonRoot: true, runAsUser: 1000, seccompProfile: { type: 'RuntimeDefault' } },
      });
      expect(spec).not.toHaveProperty('hostNetwork');
      for (const { securityContext, resources } of spec.containers) {
        expect(securityContext).toEqual({
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ['ALL'] },
        });
        expect(resources.limits).toHaveProperty('memory');
      }
    }
  });

  test('probes the life of a process, and sends requests to those that can serve them', async () => {
    for (const suffix of ['', '-worker']) {
      const { containers } = find(full, 'Deployment', suffix).spec.template.spec;
      const path = (probe: string) => containers[0][probe].httpGet.path;
      expect([path('startupProbe'), path('livenessProbe'), path('readinessProbe')]).toEqual([
        '/healthz',
        '/healthz',
        '/readyz',
      ]);
    }
  });

  test('gives a pod longer to stop than it takes', async () => {
    const grace = async (preStopSleepSeconds: number) =>
      find(await renderChart({ ...MINIMAL, pod: { preStopSleepSeconds } }), 'Deployment').spec.template.spec
        .terminationGracePeriodSeconds;
    for (const sleep of [0, 5, 60])
      expect(await grace(sleep)).toBeGreaterThan(sleep + STOP_DEADLINE_MS / 1_000);
  });

  describe('network policies', () => {
    interface Rule {
      readonly ports?: readonly { readonly port: number }[];
      readonly to?: readonly { readonly ipBlock: { readonly cidr: string; readonly except?: string[] } }[];
    }
    const policyOf = (manifests: readonly Manifest[], suffix = '') =>
      find(manifests, 'NetworkPolicy', suffix).spec;
    const egressOf = (manifests: readonly Manifest[], suffix = ''): readonly Rule[] =>
      policyOf(manifests, suffix).egress;
    const portsOf = (manifests: readonly Manifest[], suffix = '') =>
      egressOf(manifests, suffix).flatMap(({ ports = [] }) => ports.map(({ port }) => port));
    /** The addresses that a process may send webhooks to. */
    const blocksOf = (manifests: readonly Manifest[], suffix = '') =>
      egressOf(manifests, suffix)
        .filter(({ ports }) => ports === undefined)
        .flatMap(({ to = [] }) => to.map(({ ipBlock }) => ipBlock));

    test('allow a component its own dependencies only', () => {
      const gateway = policyOf(full);
      expect(gateway.policyTypes).toEqual(['Ingress', 'Egress']);
      expect(gateway.ingress).toMatchObject([{ ports: [{ port: 'http' }], from: FULL.networkPolicy.from }]);
      expect(portsOf(full)).toEqual([53, 53, 5432, 6432, 4318, 6379, 443]);
      expect(portsOf(full, '-worker')).toEqual([53, 53, 5432, 6432, 4318]);
      expect(policyOf(full, '-migrate')).not.toHaveProperty('ingress');
      expect(portsOf(full, '-migrate')).toEqual([53, 53, 5432, 6432]);
      expect(egressOf(full, '-migrate')[1]?.to).toEqual(FULL.networkPolicy.database.to);
      expect(portsOf(minimal)).toEqual([53, 53, 5432]);
    });

    test('let the processes that deliver webhooks reach public addresses, and only these', async () => {
      expect(blocksOf(full)).toEqual([]);
      expect(blocksOf(full, '-migrate')).toEqual([]);
      expect(blocksOf(full, '-worker')).toEqual(blocksOf(minimal));
      const [v4, v6] = blocksOf(minimal);
      expect(v4?.cidr).toBe('0.0.0.0/0');
      expect(v6).toEqual({ cidr: '2000::/3' });
      const ranges = v4?.except ?? [];
      expect(ranges).toEqual(
        expect.arrayContaining(['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '169.254.0.0/16']),
      );
      // The gateway delivers to none of them.
      for (const range of ranges) expect(isPublicAddress(range.replace(/\/\d+$/, ''))).toBe(false);
    });

    test.each(['on', true])('let them reach all addresses with WEBHOOK_ALLOW_PRIVATE %s', async (allowed) => {
      const open = await renderChart({ ...MINIMAL, settings: { WEBHOOK_ALLOW_PRIVATE: allowed } });
      expect(blocksOf(open)).toEqual([{ cidr: '0.0.0.0/0' }, { cidr: '::/0' }]);
    });
  });
});
