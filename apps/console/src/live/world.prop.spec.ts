import fc from 'fast-check';
import { event, row } from '../../test/rows.js';
import type { EventsFrame, Incident, LiveEvent } from '../wire.js';
import { emptyWorld, reduce, type World } from './world.js';

/** A server with a few incidents: each commit adds an event to one stream and moves its row. */
interface Commit {
  readonly event: LiveEvent;
  readonly rows: ReadonlyMap<string, Incident>;
}
const types = [
  'note.added',
  'incident.taken',
  'incident.regraded',
  'alert.accepted',
  'assignment.accepted',
  'incident.resolved',
] as const;

function history(picks: readonly { readonly stream: number; readonly type: number }[]): readonly Commit[] {
  let rows: ReadonlyMap<string, Incident> = new Map();
  return picks.map(({ stream, type }, n) => {
    const id = `i${stream}`;
    const seq = (rows.get(id)?.seq ?? 0) + 1;
    const next = { ...(rows.get(id) ?? row({ id })), id, seq, title: `commit ${n}`, alertCount: n };
    rows = new Map(rows).set(id, next);
    return {
      event: event({
        stream: id,
        seq,
        type: seq === 1 ? 'incident.opened' : (types[type % types.length] ?? 'note.added'),
      }),
      rows,
    };
  });
}

const arbitraryHistory = fc
  .array(fc.record({ stream: fc.nat(3), type: fc.nat(5) }), { minLength: 1, maxLength: 40 })
  .map(history);

/** What a console is sent: the history in frames cut anywhere, some twice, rows with the frame or not. */
const delivery = fc.record({
  cuts: fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 40 }),
  twice: fc.array(fc.boolean(), { minLength: 1, maxLength: 40 }),
  bare: fc.array(fc.boolean(), { minLength: 1, maxLength: 40 }),
});

function framesOf(
  commits: readonly Commit[],
  how: { cuts: number[]; twice: boolean[]; bare: boolean[] },
): readonly EventsFrame[] {
  const frames: EventsFrame[] = [];
  for (let at = 0, n = 0; at < commits.length; n += 1) {
    const size = how.cuts[n % how.cuts.length] ?? 1;
    const slice = commits.slice(at, at + size);
    const last = slice.at(-1) as Commit;
    const touched = new Set(slice.map((c) => c.event.stream));
    const incidents = [...last.rows.values()].filter((r) => touched.has(r.id));
    const frame: EventsFrame = {
      cursor: String(at + size),
      events: slice.map((c) => c.event),
      ...(how.bare[n % how.bare.length] ? {} : { incidents }),
    };
    frames.push(frame);
    if (how.twice[n % how.twice.length]) frames.push(frame);
    at += size;
  }
  return frames;
}

/** A console that answers its own questions from the server's last state. */
function follow(frames: readonly EventsFrame[], server: ReadonlyMap<string, Incident>): World {
  let world = emptyWorld;
  for (const frame of frames) {
    const step = reduce(world, { kind: 'events', frame });
    world = step.world;
    for (const id of step.ask) {
      const incident = server.get(id);
      if (incident) world = reduce(world, { kind: 'row', incident }).world;
    }
  }
  return world;
}

describe('the reducer, however it is fed', () => {
  it('ends with the rows of the server', () => {
    fc.assert(
      fc.property(arbitraryHistory, delivery, (commits, how) => {
        const server = (commits.at(-1) as Commit).rows;
        const world = follow(framesOf(commits, how), server);
        for (const [id, incident] of server) {
          const held = world.incidents.get(id);
          expect(held?.seq).toBe(incident.seq);
          if (!how.bare.includes(true)) expect(held).toEqual(incident);
        }
        expect(world.waiting.size).toBe(0);
      }),
    );
  });

  it('hands each event on once and in the order of its stream', () => {
    fc.assert(
      fc.property(arbitraryHistory, delivery, (commits, how) => {
        const seen = new Map<string, number>();
        const server = (commits.at(-1) as Commit).rows;
        let world = emptyWorld;
        for (const [n, frame] of framesOf(commits, { ...how, bare: [false] }).entries()) {
          // Answers of acts bring rows ahead of their events.
          const ahead = how.twice[n % how.twice.length] ? [...server.values()][n % server.size] : undefined;
          if (ahead) world = reduce(world, { kind: 'row', incident: ahead }).world;
          const step = reduce(world, { kind: 'events', frame });
          world = step.world;
          for (const e of step.fresh) {
            expect(e.seq).toBe((seen.get(e.stream) ?? 0) + 1);
            seen.set(e.stream, e.seq);
          }
        }
        expect([...seen.values()].reduce((a, b) => a + b, 0)).toBe(commits.length);
      }),
    );
  });

  it('is changed by no frame that it has had', () => {
    fc.assert(
      fc.property(arbitraryHistory, delivery, (commits, how) => {
        const frames = framesOf(commits, { ...how, bare: [false] });
        const once = follow(frames, (commits.at(-1) as Commit).rows);
        const again = follow([...frames, ...frames], (commits.at(-1) as Commit).rows);
        expect([...again.incidents]).toEqual([...once.incidents]);
      }),
    );
  });
});
