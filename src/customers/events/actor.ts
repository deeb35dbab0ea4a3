import { type Caller } from '../../auth/authenticate.js';
import { type Values } from '../../database/statement.js';

/** Who changes the customers of a team: a caller of the API, or a command of the operator. */
export type Actor = ApiActor | CommandActor;

/** A caller of the API, in one of its requests. */
export interface ApiActor extends Caller {
  readonly requestId: string;
}

/** A command of the operator. */
export interface CommandActor {
  readonly teamId: string;
  /** The name of the command, such as `import`. */
  readonly command: string;
  /** The batch of an import. */
  readonly batchId?: string;
}

/** SQL: the parts of an actor that an event records beside its team. */
export interface ActorParts {
  readonly clientId: string;
  readonly tokenId: string;
  readonly requestId: string;
  readonly command: string;
  readonly batchId: string;
}

/** SQL: the parameters with {@link actorValues}. */
export const actorParameters: ActorParts = {
  clientId: `:'clientId'::uuid`,
  tokenId: `:'tokenId'::uuid`,
  requestId: `:'requestId'::uuid`,
  command: `:'command'::text`,
  batchId: `:'batchId'::uuid`,
};

/** SQL: a caller of the API in the columns of a relation. */
export const apiActorIn = (alias: string): ActorParts => ({
  clientId: `${alias}."clientId"`,
  tokenId: `${alias}."tokenId"`,
  requestId: `${alias}."requestId"`,
  command: 'null::text',
  batchId: 'null::uuid',
});

/** The team of an actor, and the values of {@link actorParameters}. */
export function actorValues(actor: Actor): Values {
  return { clientId: null, tokenId: null, requestId: null, command: null, batchId: null, ...actor };
}
