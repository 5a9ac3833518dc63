import { anEvent, anOpening, testDatabase, type TestDatabase } from '@tocsin/testing';
import {
  appendToStream,
  clockNow,
  commitDecisions,
  currentCursor,
  type Cursor,
  eventsSince,
  newLoaded,
  parseCursor,
  readEventsSince,
  type ShownEvent,
  transaction,
  type Tx,
} from '../index.js';

describe('cursor', () => {
  let db: TestDatabase;
  beforeAll(async () => {
    db = await testDatabase();
    await db.pool.query(`INSERT INTO agency VALUES ('unit', '{"en": "Unit"}', 'Asia/Karachi')`);
  });
  afterAll(() => db.drop());

  const note = (name: string, text: string) => (tx: Tx) =>
    clockNow(tx).then((now) =>
      appendToStream(tx, now, { kind: 'source', name, agency: 'unit' }, [anEvent({ data: { text } })]),
    );
  const since = async (cursor: Cursor): Promise<{ cursor: Cursor; texts: unknown[] }> => {
    const answer = await eventsSince(db.pool, cursor);
    if (answer === 'snapshot-needed') throw new Error('a snapshot was not expected');
    return { cursor: answer.cursor, texts: answer.rows.map(({ data }) => data?.text) };
  };

  it('tells what was committed since, once, in the shape that is shown', async () => {
    const start = await currentCursor(db.pool);
    // The cursor itself may move: transaction ids are the whole server's, and other databases commit meanwhile.
    expect((await since(start)).texts).toEqual([]);
    const { opened, decision } = anOpening();
    await transaction(db.pool, async (tx) =>
      commitDecisions(tx, await clockNow(tx), [{ loaded: newLoaded(opened), decisions: [decision] }]),
    );
    const answer = await eventsSince(db.pool, start);
    if (answer === 'snapshot-needed') throw new Error('unexpected');
    expect(answer.rows.map(({ seq, type }) => [seq, type])).toEqual([
      [1, 'incident.opened'],
      [2, 'alert.accepted'],
      [3, 'incident.routed'],
      [4, 'escalation.started'],
      [5, 'escalation.step'],
    ]);
    expect(Object.keys(answer.rows[0] ?? {}).sort()).toEqual([
      'actorId',
      'actorKind',
      'at',
      'data',
      'incident',
      'occurredAt',
      'onBehalfOf',
      'reality',
      'reason',
      'seq',
      'site',
      'stream',
      'type',
    ]);
    expect((await since(answer.cursor)).texts).toEqual([]);
  });

  it('does not lose what a slower transaction commits later, nor shows what rolled back', async () => {
    const start = await currentCursor(db.pool);
    const slow = await db.pool.connect();
    await slow.query('BEGIN');
    await note('slow', 'first written, last committed')(slow);
    await transaction(db.pool, note('quick', 'quick'));
    await expect(
      transaction(db.pool, async (tx) => note('never', 'rolled back')(tx).then(() => Promise.reject(new Error('no')))),
    ).rejects.toThrow('no');
    const early = await since(start);
    expect(early.texts).toEqual(['quick']);
    await slow.query('COMMIT');
    slow.release();
    const late = await since(early.cursor);
    expect(late.texts).toEqual(['first written, last committed']);
    expect((await since(late.cursor)).texts).toEqual([]);
  });

  it('loses and doubles nothing while writers of all speeds commit and roll back, each stream in order', async () => {
    const start = await currentCursor(db.pool);
    const committed: string[] = [];
    const random = seeded(7);
    let writing = true;
    const writer = async (name: string): Promise<void> => {
      for (let round = 0; round < 60; round += 1) {
        const texts = Array.from({ length: 1 + Math.floor(random() * 3) }, (_, index) => `${name}.${round}.${index}`);
        const fails = random() < 0.3;
        const wait = random() * 0.012;
        await transaction(db.pool, async (tx) => {
          for (const text of texts) await note(name, text)(tx);
          await tx.query('SELECT pg_sleep($1)', [wait]);
          if (fails) throw new Error('rolled back on purpose');
        }).then(
          () => committed.push(...texts),
          (error: Error) => expect(error.message).toBe('rolled back on purpose'),
        );
      }
    };
    const seen: ShownEvent[] = [];
    const follow = async (): Promise<void> => {
      for (let cursor = start, last = false; ; last = !writing) {
        const answer = await eventsSince(db.pool, cursor);
        if (answer === 'snapshot-needed') throw new Error('a snapshot was not expected');
        seen.push(...answer.rows);
        cursor = answer.cursor;
        if (last) return;
      }
    };
    const followed = follow();
    await Promise.all(['a', 'b', 'c', 'd', 'e'].map(writer));
    writing = false;
    await followed;
    expect(seen.map(({ data }) => data?.text).sort()).toEqual(committed.sort());
    for (const stream of new Set(seen.map((event) => event.stream))) {
      const seqs = seen.filter((event) => event.stream === stream).map(({ seq }) => seq);
      expect(seqs).toEqual(seqs.map((_, index) => index + 1));
    }
    const whole: unknown[] = [];
    await readEventsSince(db.pool, start, (rows) => void whole.push(...rows.map(({ data }) => data?.text)), 50);
    expect(whole.sort()).toEqual(committed);
  });

  it('wants a snapshot when the delta is too large, the generation or life is another, or the text is not a cursor', async () => {
    const start = await currentCursor(db.pool);
    await transaction(db.pool, async (tx) => {
      const now = await clockNow(tx);
      await appendToStream(
        tx,
        now,
        { kind: 'config', name: 'unit', agency: 'unit' },
        Array.from({ length: 20 }, () => anEvent()),
      );
    });
    expect(await eventsSince(db.pool, start, { rows: 19 })).toBe('snapshot-needed');
    expect(await eventsSince(db.pool, start, { rows: 20 })).toMatchObject({ rows: { length: 20 } });
    expect(await eventsSince(db.pool, start, { transactions: 0 })).toBe('snapshot-needed');
    const [life = '', ...snapshot] = start.split(':');
    const [generation = '', started = '', reset = ''] = life.split('.');
    const others = [
      `${Number(generation) + 1}.${started}.${reset}`,
      `${generation}.${Number(started) + 1}.${reset}`,
      `${generation}.${started}.${Number(reset) + 1}`,
    ];
    for (const other of others)
      expect(await eventsSince(db.pool, [other, ...snapshot].join(':'))).toBe('snapshot-needed');
    expect(await eventsSince(db.pool, "1.1.1:1:2:'); DROP TABLE event; --")).toBe('snapshot-needed');
  });

  it.each([
    ['1.1.1:5:9:', true],
    ['1.1.1:5:9:5,7,8', true],
    ['1.1.1:9:5:', false],
    ['1.1.1:5:9:7,5', false],
    ['1.1.1:5:9:7,7', false],
    ['1.1.1:5:9:9', false],
    ['1.1.1:5:9:4', false],
    ['1.1.1:0:9:', false],
    ['1.1.1:5:99999999999999999999:', false],
    ['1.1.1:5:9223372036854775808:', false],
    ['1.1:5:9:', false],
    ['', false],
    [null, false],
    [{}, false],
  ])('parses %j: %s', async (cursor, ok) => {
    expect(parseCursor(cursor) !== null).toBe(ok);
    // What we take, PostgreSQL takes.
    if (ok) await db.pool.query('SELECT $1::pg_snapshot', [String(cursor).replace('1.1.1:', '')]);
  });
});

/** Mulberry32: small, seeded, good enough to shake a schedule. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}
