import type { EventsMessage, EventView, SnapshotMessage } from '@tocsin/contracts';
import type { Audience } from '@tocsin/realtime';
import { Starts } from './starts.js';

const audience = { room: 'a:1' } as Audience;
const snapshot = { cursor: 's', snapshot: {} } as SnapshotMessage;
const frame = (cursor: string, events: readonly string[] = []): EventsMessage => ({
  cursor,
  events: events.map((id) => ({ id }) as unknown as EventView),
  incidents: [],
});

it('reads once for all who come back with the same cursor, and once for all who begin', async () => {
  const asked: (string | null)[] = [];
  const starts = new Starts(async (_, after) => {
    asked.push(after);
    return after === null ? snapshot : frame(`after ${after}`);
  });
  const wishes = ['c1', null, 'c1', 'c2', null];
  const got = await Promise.all(wishes.map((after) => starts.of(audience, after)));
  expect(got.map(({ message }) => message.cursor)).toEqual(['after c1', 's', 'after c1', 'after c2', 's']);
  expect(asked).toEqual(['c1', null, 'c2']);
});

it('gives a snapshot where what was missed cannot be told, and looks only once whether it can', async () => {
  const asked: (string | null)[] = [];
  const starts = new Starts(async (_, after) => {
    asked.push(after);
    return after === null ? snapshot : null;
  });
  const got = await Promise.all(['old', 'old'].map((after) => starts.of(audience, after)));
  expect(got.map(({ message }) => message)).toEqual([snapshot, snapshot]);
  expect(asked).toEqual(['old', null]);
});

it('gives a snapshot where that is shorter than what was missed', async () => {
  const long = frame(
    'c',
    Array.from({ length: 10_000 }, (_, index) => `event ${index}`),
  );
  const starts = new Starts(async (_, after) => (after === null ? snapshot : long));
  expect((await starts.of(audience, 'c')).message).toBe(snapshot);
  const inSmallUnit = new Starts(async (_, after) => (after === null ? { ...snapshot, ...long } : long));
  expect((await inSmallUnit.of(audience, 'c')).message).toBe(long);
});

it('hands over many frames as one, to whoever took them a turn ago as well', async () => {
  const starts = new Starts(async () => snapshot);
  const first = await starts.of(audience, null);
  for (let n = 1; n <= 20; n += 1) starts.collect(audience.room, [frame(String(n), [`event ${n}`])]);
  const { frames } = await starts.of(audience, null);
  expect(frames.map(({ cursor, events }) => [cursor, events.length])).toEqual([['20', 20]]);
  starts.collect(audience.room, [frame('21')]);
  expect(first.frames.map(({ cursor }) => cursor)).toEqual(['20', '21']);
  expect(starts.reads).toBe(1);
});

it('reads anew when what came on top is longer than what was read', async () => {
  const starts = new Starts(async () => snapshot);
  await starts.of(audience, null);
  for (let n = 1; n <= 9; n += 1)
    starts.collect(audience.room, [
      frame(
        String(n),
        Array.from({ length: 100 }, (_, index) => `a long event ${n}.${index}`.repeat(5)),
      ),
    ]);
  expect((await starts.of(audience, null)).frames).toEqual([]);
  expect(starts.reads).toBe(2);
});

it('forgets what nobody asks for when much has come on top, and never keeps more than so many', async () => {
  const starts = new Starts(async (_, after) => (after === null ? snapshot : frame(after)));
  await starts.of(audience, null);
  starts.collect(audience.room, [frame('1', Array.from({ length: 2_001 }, String))]);
  await starts.of(audience, null);
  expect(starts.reads).toBe(2);
  for (let n = 0; n < 100; n += 1) await starts.of(audience, `c${n}`);
  expect(starts.audiences().length).toBeLessThanOrEqual(65);
});

it('hands over what its audience was sent since its reading began', async () => {
  const starts = new Starts(async () => snapshot);
  const early = starts.of(audience, null);
  starts.collect(audience.room, [frame('1')]);
  starts.collect('a:another', [frame('x')]);
  const { frames } = await early;
  starts.collect(audience.room, [frame('2')]);
  expect((await starts.of(audience, null)).frames).toBe(frames);
  expect(frames.map(({ cursor }) => cursor)).toEqual(['1', '2']);
  expect([...starts.audiences()]).toEqual([audience]);
});

it('reads anew after a reading that failed', async () => {
  let tries = 0;
  const starts = new Starts(async () => {
    tries += 1;
    if (tries === 1) throw new Error('away');
    return snapshot;
  });
  await expect(starts.of(audience, null)).rejects.toThrow('away');
  await expect(starts.of(audience, null)).resolves.toMatchObject({ message: snapshot });
});
