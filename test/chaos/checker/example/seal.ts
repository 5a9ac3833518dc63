import type { ApiIncident, Dumps, EventRow } from '../../dumps/shapes';
import type { HistoryRecord } from '../../history/records';
import { grouped } from '../context';
import { bodyHashOf, eventHashOf } from '../hash-chain';
import type { CheckInput } from '../shapes';
import { scene } from './scene';
import { type Draft, type Mutable, newStory, sha256, type Story } from './story';

/** A story whose streams are numbered and chained, told as history and dumps. */
export function seal(story: Story): Mutable<CheckInput> {
  const events = sealEvents(story.events);
  const last = new Map(events.map((event) => [event.stream, event]));
  for (const incident of story.rows.incidents) {
    incident.headSeq = last.get(incident.id)?.seq ?? '0';
    incident.headHash = last.get(incident.id)?.hash ?? null;
  }
  const others = [...last.values()].filter(({ isIncident }) => !isIncident);
  const api = { incidents: story.rows.incidents.map(shown), readAt: story.endsAt, metrics: {} };
  const replicas = story.replicas.map((replica) => ({ ...replica, incidents: visible(api.incidents, replica.scope) }));
  return {
    scene: structuredClone(scene) as Mutable<CheckInput['scene']>,
    history: numbered([...story.history, ...observed(story, events)]),
    dumps: {
      sql: {
        ...story.rows,
        now: story.endsAt,
        readerNow: story.endsAt,
        events,
        streamHeads: others.map(({ stream, seq, hash }) => ({ stream, kind: 'source', name: stream, seq, hash })),
        checkpoints: [
          {
            ordinal: '1',
            at: story.endsAt,
            heads: others.map((head) => [head.stream, Number(head.seq), head.hash]),
            hash: '',
          },
        ],
      },
      api,
      replicas,
    },
    checksLiveness: true,
  };
}

/** By commit time, and in one commit as they were said; the dump is in order of stream and seq. */
function sealEvents(drafts: readonly Draft[]): Mutable<EventRow>[] {
  const inTime = [...drafts].sort((a, b) => a.at - b.at);
  const positions = new Map(inTime.map((draft, index) => [draft, String(index + 1)]));
  const sealed: Mutable<EventRow>[] = [];
  for (const stream of grouped(inTime, (draft) => draft.stream).values()) {
    let before: string | null = null;
    for (const [index, draft] of stream.entries()) {
      const salt = sha256(`${draft.stream} ${index}`).slice(0, 32);
      const body = {
        ...draft,
        seq: String(index + 1),
        position: positions.get(draft) as string,
        salt,
        bodyHash: '',
        hash: '',
      };
      body.bodyHash = bodyHashOf(body);
      body.hash = eventHashOf(body, before);
      before = body.hash;
      sealed.push(body);
    }
  }
  return sealed;
}

function shown(row: Story['rows']['incidents'][number]): Mutable<ApiIncident> {
  const { id, number, headSeq, state, severity, site, alertCount } = row;
  return { id, number, seq: Number(headSeq), state, severity, site, alertCount, owner: null };
}

const sees = (scope: readonly string[] | null, site: string | null): boolean =>
  scope === null || (site !== null && scope.includes(site));

function visible(
  incidents: readonly Mutable<ApiIncident>[],
  scope: readonly string[] | null,
): Mutable<Dumps['replicas'][number]['incidents']> {
  return Object.fromEntries(incidents.filter(({ site }) => sees(scope, site)).map((one) => [one.id, { ...one }]));
}

/** Each console applies each event that it may see 20 ms after its commit. */
function observed(story: Story, events: readonly EventRow[]): Mutable<HistoryRecord>[] {
  const told = newStory(0).history;
  for (const { console: name, scope } of story.replicas)
    for (const { stream, seq, type, at: ms, site, isIncident } of events) {
      if (!isIncident || !sees(scope, site)) continue;
      const t = ms + 20 - story.endsAt + lastT(story);
      const place = { incident: stream, seq: Number(seq), after: Number(seq) - 1, type };
      told.push({
        v: 1,
        run: 'example',
        rec: 'consoles',
        n: 0,
        t,
        w: ms + 20,
        f: 'obs',
        ph: 'ok',
        console: name,
        what: 'event',
        ...place,
      });
    }
  return told;
}

/** CLOCK_MONOTONIC at the end of the story. */
function lastT({ history, endsAt }: Story): number {
  const [first] = history;
  return first === undefined ? 0 : endsAt - (first.w - first.t);
}

/** In order of time, each recorder's lines counted from 0. */
export function numbered(history: readonly Mutable<HistoryRecord>[]): Mutable<HistoryRecord>[] {
  const next = new Map<string, number>();
  const inTime = [...history].sort((a, b) => a.t - b.t);
  for (const line of inTime) {
    line.n = next.get(line.rec) ?? 0;
    next.set(line.rec, line.n + 1);
  }
  return inTime;
}
