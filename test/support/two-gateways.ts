import { randomBytes } from 'node:crypto';
import { SecretBox } from '../../src/auth/secret-box.js';
import { openOrm } from '../../src/database/orm.js';
import { migratedDatabase } from './database.js';
import { issuePartner } from './partner.js';
import { type GatewayProcess, spawnGateway } from './process.js';
import { SignedClient } from './signed-client.js';

/** One partner, as it calls each of two gateways. */
export interface PartnerOfTwo {
  readonly teamId: string;
  readonly one: SignedClient;
  readonly other: SignedClient;
}

/** Two gateway processes over one database. */
export interface TwoGateways {
  readonly gateways: readonly [GatewayProcess, GatewayProcess];
  readonly databaseUrl: string;
  /** What they have in their environment. */
  readonly environment: Readonly<Record<string, string>>;
  /** Partners must be made before the first call: a new client is known within a second, not at once. */
  newPartner(): Promise<PartnerOfTwo>;
  close(): Promise<void>;
}

/** Starts them as in production, with what else they are to have in their environment. */
export async function startTwoGateways(variables: Record<string, string> = {}): Promise<TwoGateways> {
  const databaseUrl = await migratedDatabase();
  const secretsKey = randomBytes(32);
  const environment = {
    NODE_ENV: 'production',
    DATABASE_URL: databaseUrl,
    SECRETS_KEY: secretsKey.toString('base64'),
    ...variables,
  };
  const starting = [spawnGateway(environment), spawnGateway(environment)] as const;
  const [one, other] = await Promise.all([starting[0].answers(), starting[1].answers()]).catch(
    async (error: unknown) => {
      await Promise.all(starting.map((gateway) => gateway.stop('SIGKILL')));
      throw error;
    },
  );
  const orm = await openOrm(databaseUrl);
  const box = new SecretBox([secretsKey]);
  return {
    gateways: [one, other],
    databaseUrl,
    environment,
    async newPartner() {
      const partner = await issuePartner(orm, box, one.url, 'Partner');
      return {
        teamId: partner.teamId,
        one: partner,
        other: new SignedClient(other.url, partner.credentials),
      };
    },
    async close() {
      await Promise.all([one.stop('SIGKILL'), other.stop('SIGKILL')]);
      await orm.close();
    },
  };
}
