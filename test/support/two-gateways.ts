import { randomBytes } from 'node:crypto';
import { SecretBox } from '../../src/auth/secret-box.js';
import { openOrm } from '../../src/orm/orm.js';
import { migratedDatabase } from './database.js';
import { type LocalGateway, openLocalGateway } from './local-gateway.js';
import { issuePartner } from './partner.js';
import { spawnGateway } from './process.js';
import { SignedClient } from './signed-client.js';

/** One partner, as it calls each of two gateways. */
export interface PartnerOfTwo {
  readonly teamId: string;
  readonly one: SignedClient;
  readonly other: SignedClient;
}

/** Two gateways over one database. */
export interface TwoGateways {
  readonly gateways: readonly [OneOfTwo, OneOfTwo];
  readonly databaseUrl: string;
  /** What they have in their environment. */
  readonly environment: Readonly<Record<string, string>>;
  /** Partners must be made before the first call: a new client is known within a second, not at once. */
  newPartner(): Promise<PartnerOfTwo>;
  close(): Promise<void>;
}

type OneOfTwo = Pick<LocalGateway, 'url' | 'output'>;

/** Where a gateway runs: in a process of its own, or in this one, which takes a fraction of the time. */
type Place = 'process' | 'here';

const starts: Record<Place, (environment: Readonly<Record<string, string>>) => Starting> = {
  process(environment) {
    const gateway = spawnGateway(environment);
    return {
      answers: () => gateway.answers(),
      async end() {
        await gateway.stop('SIGKILL');
      },
    };
  },
  here(environment) {
    const gateway = openLocalGateway(environment);
    return {
      answers: () => gateway.answers(),
      end: () =>
        gateway.answers().then(
          (it) => it.close(),
          () => {},
        ),
    };
  },
};

interface Starting {
  answers(): Promise<OneOfTwo>;
  end(): Promise<void>;
}

/** Starts them as in production, with what else they are to have in their environment. */
export async function startTwoGateways(
  variables: Record<string, string> = {},
  places: readonly [Place, Place] = ['process', 'process'],
): Promise<TwoGateways> {
  const databaseUrl = await migratedDatabase();
  const secretsKey = randomBytes(32);
  const environment = {
    NODE_ENV: 'production',
    DATABASE_URL: databaseUrl,
    SECRETS_KEY: secretsKey.toString('base64'),
    ...variables,
  };
  const starting = [starts[places[0]](environment), starts[places[1]](environment)] as const;
  const end = async () => {
    await Promise.all(starting.map((gateway) => gateway.end()));
  };
  const [one, other] = await Promise.all([starting[0].answers(), starting[1].answers()]).catch(
    async (error: unknown) => {
      await end();
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
      await end();
      await orm.close();
    },
  };
}
