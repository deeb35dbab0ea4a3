import { type MikroORM } from '@mikro-orm/postgresql';
import type pg from 'pg';
import { mapInTurns } from '../../concurrency/in-turns.js';
import { tooManyRows } from '../../concurrency/response-bytes.js';
import { numberParameters, StatementForms } from '../../database/statement.js';
import { withinListTimeout } from '../list/query-too-slow.js';
import { type CustomerEventType } from './event-type.js';
import { historyStatement } from './history.statement.js';
import {
  eventsLagStatement,
  lastEventStatement,
  listEventsName,
  listEventsStatement,
} from './list-events.statement.js';
import { eventFromRow, type SelectedEvent, type StoredEvent } from './stored-event.js';

/** Events that are looked at for a page of some types. */
const SCANNED = 1_000;

/** The events of a page. */
export interface EventQuery {
  /** The ID of an event. Only later ones are read. */
  readonly after: string | undefined;
  /** Undefined for all types. */
  readonly types: readonly CustomerEventType[] | undefined;
  readonly limit: number;
}

/** A page of a team's events. */
export interface EventPage {
  readonly events: readonly StoredEvent[];
  /** The ID of the event after which the next page begins. Undefined if the team has no events. */
  readonly endId: string | undefined;
  readonly hasNextPage: boolean;
}

/** A page of a customer's history. */
export interface HistoryPage {
  readonly events: readonly StoredEvent[];
  readonly hasNextPage: boolean;
}

/** A customer, and the version before which its events are read. */
export interface HistoryOf {
  readonly uuid: string;
  readonly before: number;
}

/** Reads the events of a team. Pages have at most `maxBytes` of events, and at least one event. */
export interface ReadEvents {
  /**
   * The next events in the order of their transactions. A page of some types can have fewer events than the limit, or none, and
   * still have a next page: at most 1,000 events are looked at.
   *
   * @returns undefined if the event `after` is not kept any more, or is no event of the team.
   */
  listEvents(teamId: string, query: EventQuery, maxBytes: number): Promise<EventPage | undefined>;
  /** The ID of the last event of a team; undefined if it has none. */
  lastEvent(teamId: string): Promise<string | undefined>;
  /** How long events are delayed by transactions in progress: the age of the oldest one that is not listed yet, in seconds. */
  eventsLag(): Promise<number>;
  /**
   * The events of customers, the latest first, in one statement.
   *
   * @throws {ResponseTooLarge} when the latest events of all have more than `maxBytes`. PostgreSQL then sends some of them.
   */
  history(
    teamId: string,
    customers: readonly HistoryOf[],
    limit: number,
    maxBytes: number,
  ): Promise<readonly HistoryPage[]>;
}

type PageRow = {
  readonly isKnown: boolean;
  readonly scannedTo: string | null;
  readonly scannedCount: number;
  readonly matches: number;
} & (SelectedEvent | { readonly id: null });

type HistoryRow = SelectedEvent & {
  readonly place: string;
  readonly found: number;
  readonly customers: number;
};

/** Prepares the statements that read events. */
export function prepareReadEvents(orm: MikroORM, pool: pg.Pool): ReadEvents {
  const lists = new StatementForms();
  const bindLast = numberParameters(lastEventStatement);
  const bindLag = numberParameters(eventsLagStatement);
  const bindHistory = numberParameters(historyStatement(orm));

  return {
    async listEvents(teamId, { after, types, limit }, maxBytes) {
      const form = { hasAfter: after !== undefined, hasTypes: types !== undefined };
      const bind = lists.get(listEventsName(form), () => listEventsStatement(orm, form));
      const scanned = types ? SCANNED : limit + 1;
      const values = { teamId, after, types, limit, scanned, maxBytes };
      const { rows } = await withinListTimeout(pool.query<PageRow>(bind(values)));
      const [info] = rows;
      if (!info?.isKnown) return undefined;
      const events = rows.flatMap((row) => (row.id === null ? [] : [eventFromRow(row)]));
      if (info.matches > events.length) return { events, endId: events.at(-1)?.id, hasNextPage: true };
      return { events, endId: info.scannedTo ?? after, hasNextPage: info.scannedCount === scanned };
    },
    async lastEvent(teamId) {
      const { rows } = await withinListTimeout(pool.query<{ id: string }>(bindLast({ teamId })));
      return rows[0]?.id;
    },
    async eventsLag() {
      const { rows } = await pool.query<{ seconds: number }>(bindLag({}));
      return rows[0]?.seconds ?? 0;
    },
    async history(teamId, customers, limit, maxBytes) {
      const values = {
        teamId,
        uuids: customers.map(({ uuid }) => uuid),
        before: customers.map(({ before }) => before),
        limit: limit + 1,
        maxBytes,
      };
      const { rows } = await withinListTimeout(pool.query<HistoryRow>(bindHistory(values)));
      const byPlace = Map.groupBy(rows, ({ place }) => Number(place));
      if (byPlace.size < (rows[0]?.customers ?? 0)) throw tooManyRows(maxBytes);
      const pages = customers.map((_customer, index) => byPlace.get(index + 1) ?? []);
      return mapInTurns(pages, (found) => {
        const events = found.slice(0, limit).map(eventFromRow);
        return { events, hasNextPage: (found[0]?.found ?? 0) > events.length };
      });
    },
  };
}
