import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type MikroORM } from '@mikro-orm/postgresql';
import { issueToken } from '../../src/auth/issue-credentials.js';
import { type Scope } from '../../src/auth/scopes.js';
import { SecretBox } from '../../src/auth/secret-box.js';
import { type Config, readConfig } from '../../src/config/config.js';
import { openOrm } from '../../src/orm/orm.js';
import { openLog } from '../../src/observability/log.js';
import { startGateway } from '../../src/start-gateway.js';
import { migratedDatabase } from './database.js';
import { issuePartners, type Partner } from './partner.js';
import { SignedClient } from './signed-client.js';

/** A real gateway on a database of its own, and partners to call it. */
export interface TestGateway {
  readonly url: string;
  readonly databaseUrl: string;
  readonly orm: MikroORM;
  readonly secretsKey: Buffer;
  /** A partner with a client, a token and a team that no other test has. */
  nextPartner(): Partner;
  /** The same client and team with another token, by default of every scope. */
  anotherToken(partner: Partner, scopes?: readonly Scope[]): Promise<Partner>;
  close(): Promise<void>;
}

/** Starts a gateway that delivers events to endpoints of this machine, with a limit that no test meets. */
export function startDeliveringGateway(
  partnerCount: number,
  overrides: Partial<Config> = {},
): Promise<TestGateway> {
  return startTestGateway(
    {
      ...overrides,
      webhooks: { deliver: true, allowPrivate: true, httpsOnly: false },
      rateLimit: { max: 100_000, windowSeconds: 60 },
    },
    partnerCount,
  );
}

/**
 * Starts a gateway and issues credentials to its partners before the first request: a running gateway detects new clients only
 * once a second.
 *
 * @param partnerCount - the number of times that the tests call `nextPartner`.
 */
export async function startTestGateway(
  overrides: Partial<Config> = {},
  partnerCount = 1,
): Promise<TestGateway> {
  const secretsKey = overrides.secretsKeys?.[0] ?? randomBytes(32);
  const databaseUrl = overrides.databaseUrl ?? (await migratedDatabase());
  const dataDir = await mkdtemp(join(tmpdir(), 'customer-gateway-data-'));
  const config: Config = {
    environment: 'test',
    host: '127.0.0.1',
    port: 0,
    dataDir,
    databaseUrl,
    databaseDirectUrl: undefined,
    migrate: 'start',
    redisUrl: undefined,
    redisFailureMode: 'per-process',
    // Longer than by default: tests run on machines that are busy.
    databasePool: { max: 10, waitMs: 5_000, statementTimeoutMs: 5_000, listTimeoutMs: 5_000 },
    secretsKeys: [secretsKey],
    rateLimit: { max: 100, windowSeconds: 60 },
    bounds: readConfig({}).bounds,
    capacity: readConfig({}).capacity,
    eventRetentionDays: 90,
    deletedCustomerRetentionDays: undefined,
    // Tests of webhooks turn deliveries on: a worker costs connections and time.
    webhooks: { deliver: false, allowPrivate: true, httpsOnly: false },
    signatureToleranceSeconds: 300,
    shutdownDelaySeconds: 0,
    keepAliveTimeoutSeconds: 60,
    metricsToken: undefined,
    tracing: undefined,
    jwt: undefined,
    playground: false,
    logLevel: 'silent',
    logFormat: 'json',
    ...overrides,
  };
  const gateway = await startGateway(config, await openLog(config));
  const orm = await openOrm(databaseUrl);
  const box = new SecretBox([secretsKey]);
  const names = Array.from({ length: partnerCount }, (_, index) => `Partner ${index}`);
  const partners = await issuePartners(orm, box, gateway.url, names);
  return {
    url: gateway.url,
    databaseUrl,
    orm,
    secretsKey,
    nextPartner() {
      const partner = partners.pop();
      if (!partner) throw new Error('This gateway has no partners left; start it with more');
      return partner;
    },
    async anotherToken({ credentials, teamId }, scopes) {
      const { clientId } = credentials;
      const { token } = await issueToken(orm, { clientId, teamId, days: 1, scopes });
      return Object.assign(new SignedClient(gateway.url, { ...credentials, token }), { teamId });
    },
    async close() {
      await gateway.close();
      await orm.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
