import type { EventView, IncidentView } from '@tocsin/contracts';
import fc from 'fast-check';
import { framesFor } from './frames.js';
import type { Batch } from './read-log.js';

/** A batch as the log tells it: streams interleaved, each in order, with the rows of the touched incidents. */
const batch = fc
  .array(fc.record({ stream: fc.integer({ min: 0, max: 9 }), site: fc.constantFrom('a', 'b') }), { maxLength: 1_700 })
  .map((drawn): Batch => {
    const seqs = new Map<number, number>();
    const events = drawn.map(({ stream }) => {
      const seq = (seqs.get(stream) ?? 0) + 1;
      seqs.set(stream, seq);
      const site = stream % 2 ? 'a' : 'b';
      return {
        view: { stream: `s${stream}`, incidentId: `s${stream}`, seq } as EventView,
        subject: { site, reality: 'actual' as const, incident: true },
      };
    });
    const incidents = [...seqs].map(([stream, seq]) => ({
      view: { id: `s${stream}`, seq } as IncidentView,
      subject: { site: stream % 2 ? 'a' : 'b', reality: 'actual' as const, incident: true },
    }));
    return { events, incidents };
  });
const cursors = { before: 'old', after: 'new' };

it.each([
  ['everything', () => true],
  ['one site', ({ site }: { site: string | null }) => site === 'a'],
  ['nothing', () => false],
])('holds exactly what the audience sees: %s', (_, sees) => {
  fc.assert(
    fc.property(batch, (drawn) => {
      const frames = framesFor({ sees, sight: { all: false } }, drawn, cursors);
      const wanted = drawn.events.filter(({ subject }) => sees(subject)).map(({ view }) => view);
      expect(frames.flatMap(({ events }) => events)).toEqual(wanted);
      expect(frames.every(({ events }) => events.length > 0 && events.length <= 500)).toBe(true);
      expect(frames.map(({ cursor }) => cursor)).toEqual(
        frames.map((__, index) => (index === frames.length - 1 ? 'new' : 'old')),
      );
    }),
  );
});

it('brings each row once, together with its last event', () => {
  fc.assert(
    fc.property(batch, (drawn) => {
      const frames = framesFor({ sees: () => true, sight: { all: true } }, drawn, cursors);
      const rows = frames.flatMap((frame) => frame.incidents.map((row) => ({ row, frame })));
      expect(rows).toHaveLength(drawn.incidents.length);
      for (const { row, frame } of rows)
        expect(frame.events.some(({ stream, seq }) => stream === row.id && seq === row.seq)).toBe(true);
    }),
  );
});

it('names what the configuration changed only to those who see all', () => {
  const reason = { code: 'config-applied', params: { by: 'cli:x' }, text: 'Version 2 applied by cli:x' };
  const view = { type: 'config.applied', stream: 's', seq: 1, data: { changes: [{ id: 'gate-2' }] }, reason };
  const events = [{ view: view as unknown as EventView, subject: { site: null, reality: 'actual', incident: false } }];
  const shown = (all: boolean) =>
    framesFor({ sees: () => true, sight: { all } }, { events, incidents: [] } as Batch, cursors)[0]?.events[0];
  expect(shown(true)).toBe(view);
  expect(shown(false)).toMatchObject({ type: 'config.applied', stream: 's', seq: 1, data: {} });
  expect(JSON.stringify(shown(false))).not.toMatch(/gate-2|cli:x/);
});
