/** What may go wrong between the service and its consoles and readers: I13, I14, I15 and I18. */
import type { ObservationRecord } from '../history/records';
import { example } from './example';
import { caught, found, incidentOf, pageOf } from './example/find';
import { at, type Line, type Mutable, record, type Story } from './example/story';
import type { CheckInput } from './shapes';

type Input = Mutable<CheckInput>;

const observed = (input: Input): (Line & Mutable<ObservationRecord>)[] =>
  input.history.filter(
    (line): line is Line & Mutable<ObservationRecord> => line.f === 'obs' && line.console === 'desk',
  );
const replica = (input: Input, name = 'desk'): Input['dumps']['replicas'][number] =>
  found(input.dumps.replicas, (one) => one.console === name);
const openOne = (input: Input): string =>
  found(input.dumps.sql.incidents, ({ state, severity }) => state === 'open' && severity === 'critical').id;

describe('I13', () => {
  it('finds an event that was applied over a hole, however it is told', () => {
    const held = example();
    const event = found(observed(held), ({ seq }) => seq === 3);
    event.after = 1;
    expect(caught(held)).toEqual(['I13']);
    const said = example();
    found(observed(said), ({ seq }) => seq === 3).hole = true;
    expect(caught(said)).toEqual(['I13']);
    const followed = example();
    for (const line of observed(followed)) delete line.after;
    expect(caught(followed)).toEqual([]);
    found(observed(followed), ({ seq }) => seq === 3).seq = 4;
    expect(caught(followed)).toEqual(['I13']);
  });
});

describe('I14', () => {
  it('finds a replica that differs, lacks an incident, holds another, or was equal too late', () => {
    const seq = example();
    Object.assign(replica(seq).incidents[openOne(seq)] as object, { seq: 4 });
    expect(caught(seq)).toEqual(['I14']);
    const state = example();
    Object.assign(replica(state).incidents[openOne(state)] as object, { state: 'resolved' });
    expect(caught(state)).toEqual(['I14']);
    const lacking = example();
    delete replica(lacking).incidents[openOne(lacking)];
    expect(caught(lacking)).toEqual(['I14']);
    const ghost = example();
    const [some] = Object.values(replica(ghost).incidents);
    replica(ghost).incidents['ghost'] = { ...(some as NonNullable<typeof some>), id: 'ghost' };
    expect(caught(ghost)).toEqual(['I14']);
    for (const ms of [10_001, null]) {
      const late = example();
      replica(late).convergedMs = ms;
      expect(caught(late)).toEqual(['I14']);
    }
  });

  it('finds a console that was not as far as the API within 10 s of the death of its gateway', () => {
    const rejoined = (ms: number | null) =>
      example((story) => record(story, at(20), { f: 'converged', ph: 'ok', console: 'desk', ms }));
    expect(caught(rejoined(10_000))).toEqual([]);
    expect(caught(rejoined(10_001))).toEqual(['I14']);
    expect(caught(rejoined(null))).toEqual(['I14']);
  });

  it('is content with what happened after a replica was asked for', () => {
    const input = example();
    replica(input).takenAt = at(35.02);
    const held = replica(input).incidents[openOne(input)];
    Object.assign(held as object, { seq: (held?.seq ?? 0) - 1 });
    expect(caught(input)).toEqual([]);
  });
});

describe('I15', () => {
  const canary = 'canary-panic-1';
  const told = (text: string) => (story: Story) => {
    Object.assign(pageOf(story, incidentOf(story, 'north-1'), 1).arrival, { text });
  };

  it('finds a word of another site in a page: plain, in URL form and in base64', () => {
    const plain = `HIGH ${canary}, hurry`;
    expect(caught(example(told(plain)))).toEqual(['I15']);
    expect(
      caught(example(told(`https://x/?q=${[...canary].map((one) => `%${one.charCodeAt(0).toString(16)}`).join('')}`))),
    ).toEqual(['I15']);
    expect(
      caught(example(told(Buffer.from(plain.repeat(9)).toString('base64').replaceAll(/.{76}/g, '$&\r\n')))),
    ).toEqual(['I15']);
    expect(caught(example(told('canary-north-2')))).toEqual([]);
  });

  it('finds one that a console was sent, an incident out of scope, and a foreign read that was answered', () => {
    const seen = example();
    replica(seen, 'north').canaries.push(canary);
    expect(caught(seen)).toEqual(['I15']);
    const row = example();
    replica(row, 'north').incidents[openOne(row)] = structuredClone(replica(row).incidents[openOne(row)] as never);
    expect(caught(row)).toEqual(['I15']);
    const asked = example();
    Object.assign(
      found(asked.history, (line) => line.f === 'read' && line.ph === 'fail'),
      { ph: 'ok', httpStatus: 200 },
    );
    expect(caught(asked)).toEqual(['I15']);
  });
});

describe('I18', () => {
  const both = (change: (rows: { alertCount: number }) => void): Input => {
    const input = example();
    const id = openOne(input);
    change(found(input.dumps.api.incidents, (one) => one.id === id));
    change(replica(input).incidents[id] as never);
    return input;
  };

  it('finds counts that differ between the API and the tables', () => {
    expect(caught(both((row) => (row.alertCount += 1)))).toEqual(['I18']);
  });

  it('finds an incident that the API does not list, lists twice, or alone knows', () => {
    const unlisted = example();
    const id = openOne(unlisted);
    unlisted.dumps.api.incidents = unlisted.dumps.api.incidents.filter((one) => one.id !== id);
    expect(caught(unlisted)).toEqual(['I18']);
    const twice = example();
    twice.dumps.api.incidents.push(found(twice.dumps.api.incidents, () => true));
    expect(caught(twice)).toEqual(['I18']);
    const alone = example();
    alone.dumps.api.incidents.push({ ...found(alone.dumps.api.incidents, () => true), id: 'ghost', state: 'closed' });
    alone.dumps.api.readAt -= 1_000;
    expect(caught(alone)).toEqual(['I18']);
  });
});
