/** What may go wrong with the log (I12): whatever is changed, taken out, put in or cut off is found. */
import { pick, type Random, randomFor } from '../history/random';
import { canonicalJson } from './canonical-json';
import { example } from './example';
import { caught, found, incidentOf } from './example/find';
import { at, type Mutable, newId, say, type Story } from './example/story';
import { contextOf } from './context';
import { log } from './i12-log';
import { bodyHashOf, eventHashOf } from './hash-chain';
import type { CheckInput } from './shapes';

type Events = Mutable<CheckInput['dumps']['sql']['events']>;
type Event = Events[number];

const eventsOf = (input: Mutable<CheckInput>): Events => input.dumps.sql.events;
/** One that no other invariant looks at. */
const inner = (input: Mutable<CheckInput>): Event =>
  found(eventsOf(input), ({ type, seq }) => type === 'notification.sent' && seq !== '1');

it('writes JSON as RFC 8785 does', () => {
  const value = {
    '\u20ac': 'Euro',
    '\r': 1e21,
    b: [true, null, 0.000001],
    a: { z: 'é\u0007"', y: undefined },
    '1': -0,
  };
  expect(canonicalJson(value)).toBe('{"\\r":1e+21,"1":0,"a":{"z":"é\\u0007\\""},"b":[true,null,0.000001],"€":"Euro"}');
});

it('finds a changed event, a changed body and a broken chain', () => {
  const changed = example();
  inner(changed).type = 'notification.seen';
  expect(caught(changed)).toEqual(['I12']);
  const body = example();
  Object.assign(inner(body).data as object, { attempt: 2 });
  expect(caught(body)).toEqual(['I12']);
  const chain = example();
  inner(chain).hash = 'f'.repeat(64);
  expect(caught(chain)).toEqual(['I12']);
});

it('finds a hole, a cut-off tail, and a tail that was cut off together with its head', () => {
  const hole = example();
  eventsOf(hole).splice(eventsOf(hole).indexOf(inner(hole)), 1);
  expect(caught(hole)).toEqual(['I12']);
  const tail = example();
  const open = found(tail.dumps.sql.incidents, ({ severity, state }) => severity === 'critical' && state === 'open');
  const last = eventsOf(tail).findLastIndex(({ stream }) => stream === open.id);
  const [gone] = eventsOf(tail).splice(last, 1);
  expect(gone?.type).toBe('escalation.exhausted');
  expect(caught(tail)).toContain('I12');
  const lone = example();
  const [head] = lone.dumps.sql.streamHeads;
  eventsOf(lone).splice(0, eventsOf(lone).length, ...eventsOf(lone).filter(({ stream }) => stream !== head?.stream));
  Object.assign(head as object, { seq: '0', hash: null });
  expect(caught(lone)).toContain('I12');
});

it('finds times and positions that fall', () => {
  const reseal = (change: (event: Event) => void): string[] => {
    const input = example();
    change(inner(input));
    let before: string | null = null;
    for (const event of eventsOf(input).filter(({ stream }) => stream === inner(input).stream)) {
      event.hash = eventHashOf(event, before);
      before = event.hash;
    }
    const { stream } = inner(input);
    found(input.dumps.sql.incidents, ({ id }) => id === stream).headHash = before;
    return caught(input);
  };
  expect(reseal(() => undefined)).toEqual([]);
  expect(
    reseal((event) =>
      Object.assign(event, {
        at: event.at - 60_000,
        atText: new Date(event.at - 60_000).toISOString().replace('Z', '000Z'),
      }),
    ),
  ).toEqual(['I12']);
  expect(reseal((event) => (event.position = '0'))).toEqual(['I12']);
});

it('finds a move that is not legal, and a state that its log does not end with', () => {
  const twice = (story: Story): void => {
    const { id: stream, site } = incidentOf(story, 'fire-1');
    const data = { from: 'open', to: 'acknowledged', severity: 'critical' };
    say(story, { stream, type: 'incident.acknowledged', at: at(50), site, data, code: 'acknowledged' });
  };
  expect(caught(example(twice))).toEqual(['I12']);
  const assigned = (story: Story): void => {
    const { id: stream, site } = incidentOf(story, 'fire-1');
    say(story, {
      stream,
      type: 'assignment.on_scene',
      at: at(50),
      site,
      data: { assignmentId: 'a' },
      code: 'came-on-scene',
    });
  };
  expect(caught(example(assigned))).toEqual(['I12']);
  expect(caught(example((story) => (incidentOf(story, 'fire-1').state = 'open')))).toContain('I12');
});

it('finds rows that stand elsewhere than the log ends', () => {
  const assigned = (state: string) => (story: Story) => {
    const { id: stream, site } = incidentOf(story, 'fire-1');
    const ids = { id: newId(story), incident: stream, person: 'a', run: 'r' };
    story.rows.assignments.push({ ...ids, state, dispatchedAt: at(50), changedAt: at(50) });
    const data = { assignmentId: ids.id };
    say(story, { stream, type: 'assignment.accepted', at: at(50), site, data, code: 'accepted-unsent' });
    say(story, { stream, type: 'assignment.clear', at: at(51), site, data, code: 'went-clear' });
  };
  expect(caught(example(assigned('clear')))).toEqual([]);
  expect(caught(example(assigned('accepted')))).toEqual(['I12']);
  const run = (story: Story): void => {
    const row = found(story.rows.runs, ({ state }) => state === 'ended');
    story.rows.runs.push({ ...row, id: newId(story) });
  };
  expect(caught(example(run))).toEqual(['I12']);
  const page = (story: Story): void => {
    const { id } = found(story.rows.notifications, () => true);
    const event = found(
      story.events,
      ({ type, data }) => type === 'notification.queued' && data?.['notificationId'] === id,
    );
    event.type = 'notification.sent';
  };
  expect(caught(example(page))).toEqual(['I12']);
});

it('lets a redacted event verify by its body`s hash', () => {
  const redacted = example();
  Object.assign(inner(redacted), { data: null, reason: null, salt: null });
  expect(caught(redacted)).toEqual([]);
});

/** A row that the service itself wrote. */
it('computes the hashes that the service does', () => {
  const event = JSON.parse(serviceEvent) as Event;
  expect([bodyHashOf(event), eventHashOf(event, null)]).toEqual([event.bodyHash, event.hash]);
});

describe('random edits of the log', () => {
  const edits: readonly ((events: Events, at: number, random: Random) => void)[] = [
    (events, index) => void events.splice(index, 1),
    (events, index) => void events.splice(index, 0, structuredClone(events[index] as Event)),
    (events, index) => void ([events[index], events[index - 1]] = [events[index - 1] as Event, events[index] as Event]),
    (events, index, random) => {
      const event = events[index] as Event;
      const field = pick(random, ['type', 'actorId', 'agency', 'reality', 'hash', 'bodyHash', 'salt', 'site'] as const);
      event[field] = field.endsWith('ash') || field === 'salt' ? 'ab'.repeat(16) : `${event[field]}x`;
    },
    (events, index) => ((events[index] as Event).reason = { code: 'forged' }),
    (events, index) => ((events[index] as Event).atText = '2020-01-01T00:00:00.000000Z'),
    (events, index) => ((events[index] as Event).data = { ...events[index]?.data, forged: true }),
  ];

  it('are found, each of 400', () => {
    const random = randomFor(20_261_125, 'edits');
    const missed: string[] = [];
    const whole = example();
    for (let n = 0; n < 400; n += 1) {
      const input = structuredClone(whole);
      const index = 1 + Math.floor(random() * (eventsOf(input).length - 1));
      const kind = Math.floor(random() * edits.length);
      edits[kind]?.(eventsOf(input), index, random);
      if (log(contextOf(input)).violations.length === 0) missed.push(`edit ${kind} of event ${index}`);
    }
    expect(missed).toEqual([]);
  });
});

const serviceEvent =
  '{"position":"6","stream":"01a210b8-fa81-7768-add3-ffb403c16e1a","seq":"1","type":"incident.opened","at":1795576887934.078,"atText":"2026-11-25T03:21:27.934078Z","occurredAtText":null,"actorKind":"source","actorId":"panels","onBehalfOf":null,"agency":"testland","reality":"actual","site":"site-1","isIncident":true,"data":{"to":"open","site":"site-1","team":null,"class":"alarm","title":"T 0","reality":"actual","category":"intrusion","severity":"high"},"reason":{"code":"opened-by-alert","text":"Alert p-0 opened the incident: its group had none.","params":{"key":"p-0"}},"salt":"9f9d828a78000c0b47445b3b61aa2d3f","bodyHash":"4cc6265119c65f54be4719af7abc5c08f6fb0ba65d854f17a3c7437d64af2b6e","hash":"bf4af451a116432e5366f50c50cd6e8a93b2aba48177f252bb9737ffcd3a7ce2"}';
