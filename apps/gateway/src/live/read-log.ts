import type { EventView, IncidentView } from '@tocsin/contracts';
import { eventView, namesOf } from '@tocsin/operations';
import type { Audience, Look, Subject } from '@tocsin/realtime';
import {
  type ConfigCache,
  currentCursor,
  type CursorLimits,
  eventsSince,
  type Pool,
  readActiveAssignments,
  readIncidentsById,
  readSnapshotIncidents,
  type ShownEvent,
  transaction,
} from '@tocsin/store';
import { siteViews, teamViews } from '../catalogue/views.js';

/** Something with what decides who may see it. */
export interface Shown<T> {
  readonly view: T;
  readonly subject: Subject;
}

/** Events of the log, and the touched incidents as they stand at the same cursor. */
export interface Batch {
  readonly events: readonly Shown<EventView>[];
  readonly incidents: readonly Shown<IncidentView>[];
}

/** One consistent look: events, rows and cursor are of one PostgreSQL snapshot, so that a row never runs ahead of its events. */
const consistent = { isolation: 'REPEATABLE READ', readOnly: true, attempts: 1 } as const;
/** Further behind than this the gateway does not tell its consoles every event: all of them get a snapshot. */
const ownLimits: CursorLimits = { rows: 20_000, transactions: Number.POSITIVE_INFINITY };
/** How many of the resolved a console starts with. */
const resolvedShown = 50;

/** Reads what consoles are shown. Only PostgreSQL's rows; nothing that came over Redis. */
export class LogReader {
  constructor(
    private readonly pool: Pool,
    private readonly config: ConfigCache,
  ) {}

  /** Everything after the cursor, in one batch; null = from now on. `lost`: another life of the database, or too much at once. */
  async look(cursor: string | null): Promise<Look<Batch>> {
    if (cursor === null) return { kind: 'lost', cursor: await currentCursor(this.pool) };
    const read = await this.since(cursor, ownLimits);
    if (read !== null) return { kind: 'batch', cursor: read.cursor, batch: read.batch };
    return { kind: 'lost', cursor: await currentCursor(this.pool) };
  }

  /** What a console missed; null when a snapshot is cheaper or the cursor is not of this life of the database. */
  async since(cursor: string, limits: CursorLimits): Promise<{ cursor: string; batch: Batch | null } | null> {
    const names = namesOf((await this.config.current()).document);
    return transaction(
      this.pool,
      async (tx) => {
        const since = await eventsSince(tx, cursor, limits);
        if (since === 'snapshot-needed') return null;
        if (since.rows.length === 0) return { cursor: since.cursor, batch: null };
        const ids = [...new Set(since.rows.filter(({ incident }) => incident).map(({ stream }) => stream))];
        const incidents = ids.length === 0 ? [] : await readIncidentsById(tx, ids);
        const events = since.rows.map((row) => ({ view: eventView(row, names), subject: subjectOf(row) }));
        return { cursor: since.cursor, batch: { events, incidents: incidents.map(shownIncident) } };
      },
      consistent,
    );
  }

  /** All that a console of this audience starts with. */
  async snapshot({ sight, realities }: Audience) {
    const { document } = await this.config.current();
    return transaction(
      this.pool,
      async (tx) => {
        const cursor = await currentCursor(tx);
        const incidents = await readSnapshotIncidents(tx, sight, {
          ...(realities === null ? {} : { realities }),
          resolved: resolvedShown,
        });
        const teams = teamViews(document, await readActiveAssignments(tx, sight), Date.now() * 1_000);
        return { cursor, snapshot: { incidents, teams, sites: siteViews(document, sight) } };
      },
      consistent,
    );
  }
}

function subjectOf(row: ShownEvent): Subject {
  return { site: row.site, reality: row.reality, incident: row.incident, type: row.type };
}

function shownIncident(view: IncidentView): Shown<IncidentView> {
  return { view, subject: { site: view.site, reality: view.reality, incident: true } };
}
