import { randomBytes } from 'node:crypto';
import { type EntityManager, LockMode, type MikroORM, ref } from '@mikro-orm/postgresql';
import { AccessToken } from '../../auth/access-token.entity.js';
import { ApiClient } from '../../auth/api-client.entity.js';
import { type Caller } from '../../auth/authenticate.js';
import { type SecretBox } from '../../auth/secret-box.js';
import { withRetries } from '../../database/retry.js';
import { Team } from '../../teams/team.entity.js';
import { limits } from '../limits.js';
import { wakeEndpointStatement } from '../send/wake-endpoint.statement.js';
import { type EndpointDraft, type EndpointPatch } from './endpoint-rules.js';
import { WebhookEndpointStatus } from './endpoint-status.js';
import { WebhookEndpoint } from './webhook-endpoint.entity.js';
import { WebhookSecret } from './webhook-secret.entity.js';
import { type WebhookEndpointType } from './webhook-endpoint.type.js';

/** Bytes of a secret; the specification asks for 24 to 64. */
const SECRET_BYTES = 32;

const MS_PER_HOUR = 3_600_000;

/** The statement with its parameter as the ORM takes it. */
const WAKE = wakeEndpointStatement.text.replace(`:'endpoint'`, '?');

/** An endpoint with its new secret, which is shown only once. */
export interface EndpointWithSecret {
  readonly endpoint: WebhookEndpointType;
  readonly secret: string;
}

/** The webhook endpoints of clients. Every method reads and writes only those of the caller's client in the caller's team. */
export class EndpointStore {
  constructor(
    private readonly orm: MikroORM,
    private readonly box: SecretBox,
  ) {}

  /** The endpoints, oldest first; at most {@link limits.endpoints}. */
  async list(caller: Caller): Promise<WebhookEndpointType[]> {
    const endpoints = await this.orm.em
      .fork()
      .find(WebhookEndpoint, ownedBy(caller), { orderBy: { id: 'asc' }, limit: limits.endpoints });
    return endpoints.map(toType);
  }

  async find(caller: Caller, uuid: string): Promise<WebhookEndpointType | undefined> {
    const endpoint = await this.orm.em.fork().findOne(WebhookEndpoint, { ...ownedBy(caller), id: uuid });
    return endpoint ? toType(endpoint) : undefined;
  }

  /** @returns undefined if the client has as many endpoints in the team as it may. */
  create(caller: Caller, draft: EndpointDraft): Promise<EndpointWithSecret | undefined> {
    return this.#transaction(async (em) => {
      // The lock lets one request of a client at a time count its endpoints.
      const client = await em.findOneOrFail(ApiClient, caller.clientId, {
        lockMode: LockMode.PESSIMISTIC_WRITE,
      });
      if ((await em.count(WebhookEndpoint, ownedBy(caller))) >= limits.endpoints) return undefined;
      const endpoint = em.create(WebhookEndpoint, {
        ...draft,
        status: WebhookEndpointStatus.ENABLED,
        client: ref(client),
        team: ref(em.getReference(Team, caller.teamId)),
        token: tokenOf(em, caller),
      });
      return { endpoint: toType(endpoint), secret: this.#newSecret(em, endpoint) };
    });
  }

  /** @returns undefined if there is no such endpoint. */
  update(
    caller: Caller,
    uuid: string,
    { paused, ...fields }: EndpointPatch,
  ): Promise<WebhookEndpointType | undefined> {
    return this.#change(caller, uuid, async (em, endpoint) => {
      Object.assign(endpoint, definedOf(fields), { token: tokenOf(em, caller), updatedAt: new Date() });
      if (paused === true) endpoint.status = WebhookEndpointStatus.PAUSED;
      if (paused === false) endpoint.status = WebhookEndpointStatus.ENABLED;
      if (typeof paused !== 'boolean') return;
      Object.assign(endpoint, { disabledReason: null, failingSince: null, failedRuns: 0, resumeAt: null });
      await em.flush();
      if (!paused) await em.execute(WAKE, [uuid]);
    });
  }

  /** @returns the endpoint as it was; undefined if there is no such endpoint. */
  delete(caller: Caller, uuid: string): Promise<WebhookEndpointType | undefined> {
    return this.#change(caller, uuid, (_em, endpoint) => {
      endpoint.deletedAt = new Date();
    });
  }

  /**
   * Gives an endpoint a new secret. The one before stays valid for the overlap; an older one ends.
   *
   * @param overlapHours - 0 ends the secret before at once.
   * @returns undefined if there is no such endpoint.
   */
  rotateSecret(caller: Caller, uuid: string, overlapHours: number): Promise<EndpointWithSecret | undefined> {
    return this.#transaction(async (em) => {
      const endpoint = await findLocked(em, caller, uuid);
      if (!endpoint) return undefined;
      await em.nativeDelete(WebhookSecret, { endpoint: uuid, expiresAt: { $ne: null } });
      if (overlapHours === 0) await em.nativeDelete(WebhookSecret, { endpoint: uuid });
      const expiresAt = new Date(Date.now() + overlapHours * MS_PER_HOUR);
      await em.nativeUpdate(WebhookSecret, { endpoint: uuid }, { expiresAt });
      endpoint.updatedAt = new Date();
      return { endpoint: toType(endpoint), secret: this.#newSecret(em, endpoint) };
    });
  }

  #change(
    caller: Caller,
    uuid: string,
    change: (em: EntityManager, endpoint: WebhookEndpoint) => void | Promise<void>,
  ): Promise<WebhookEndpointType | undefined> {
    return this.#transaction(async (em) => {
      const endpoint = await findLocked(em, caller, uuid);
      if (!endpoint) return undefined;
      await change(em, endpoint);
      return toType(endpoint);
    });
  }

  #newSecret(em: EntityManager, endpoint: WebhookEndpoint): string {
    const secret = `whsec_${randomBytes(SECRET_BYTES).toString('base64')}`;
    em.create(WebhookSecret, { endpoint: ref(endpoint), ...this.box.seal(secret, endpoint.id) });
    return secret;
  }

  #transaction<Result>(run: (em: EntityManager) => Promise<Result>): Promise<Result> {
    return withRetries(() => this.orm.em.fork().transactional(run));
  }
}

const ownedBy = ({ clientId, teamId }: Caller) => ({ client: clientId, team: teamId, deletedAt: null });

function findLocked(em: EntityManager, caller: Caller, uuid: string): Promise<WebhookEndpoint | null> {
  return em.findOne(
    WebhookEndpoint,
    { ...ownedBy(caller), id: uuid },
    { lockMode: LockMode.PESSIMISTIC_WRITE },
  );
}

const tokenOf = (em: EntityManager, { tokenId }: Caller) =>
  tokenId === null ? null : ref(em.getReference(AccessToken, tokenId));

const definedOf = (fields: object): object =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));

function toType(endpoint: WebhookEndpoint): WebhookEndpointType {
  const { id, url, types, description, status, disabledReason, failingSince, createdAt, updatedAt } =
    endpoint;
  return {
    uuid: id,
    url,
    types: types ?? [],
    description,
    status,
    disabledReason,
    failingSince,
    createdAt,
    updatedAt,
  };
}
