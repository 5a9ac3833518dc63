import { findDeadPages, findPagedPeople, verifyLog } from '@tocsin/store';
import { openPageScene, type PageScene, scriptedChannel } from '../../test/page-scene.js';
import { abandonDeliveries } from './claim-deliveries-abandon.js';
import { claimAgain } from './claim-deliveries-again.js';
import { suppressDeadPages } from './claim-deliveries-dead.js';
import { claimForPeople } from './claim-deliveries.js';
import { recordResults } from './record-result.js';
import { sendDelivery } from './send-deliveries.js';

let scene: PageScene;
const email = scriptedChannel('email');
const never = new AbortController().signal;

beforeEach(async () => {
  scene = await openPageScene();
  email.sent.splice(0);
  email.answer({ kind: 'accepted' });
});
afterEach(() => scene?.close());

const pager = async (name: string) =>
  (
    await scene.rows<{ sent_at: number[]; last_critical_at: number | null }>(
      'SELECT * FROM pager WHERE person_id = $1',
      [scene.people[name]],
    )
  )[0];
const states = async (table: 'notification' | 'delivery' | 'attempt') =>
  (await scene.rows<{ state: string }>(`SELECT state FROM ${table}`)).map(({ state }) => state).sort();

it('gathers what waits for a person into one delivery, in his language, and says so in every incident', async () => {
  const incidents = [await scene.page('bilal', 'low', 'Door'), await scene.page('bilal', 'critical', 'Panic')];
  const context = scene.context(email);
  const claim = await scene.claim(context);
  expect(claim.deliveries).toHaveLength(1);
  const [claimed] = claim.deliveries;
  if (!claimed) throw new Error('nothing claimed');
  await sendDelivery(context, { claimed, config: claim.config, signal: never });
  expect(email.sent[0]).toMatchObject({
    deliveryId: claimed.id,
    language: 'ur',
    count: 2,
    to: { kind: 'email', address: 'bilal@pagetown.test' },
  });
  expect(email.sent[0]?.incidents[0]).toMatchObject({ severity: 'critical', site: { code: '07', name: 'گیٹ' } });
  for (const incident of incidents) expect(await scene.events(incident)).toContain('notification.sent');
  expect(await states('notification')).toEqual(['sent', 'sent']);
  expect(await states('attempt')).toEqual(['sending']);
  expect((await pager('bilal'))?.sent_at).toHaveLength(1);
  expect(await verifyLog(scene.db.pool)).toMatchObject({ ok: true });
});

it('holds back the thirteenth in ten minutes, but not a critical one', async () => {
  const context = scene.context(email);
  for (let i = 0; i < 12; i++) {
    await scene.page('chen', 'high');
    expect((await scene.claim(context)).deliveries).toHaveLength(1);
  }
  await scene.page('chen', 'high');
  expect((await scene.claim(context)).deliveries).toHaveLength(0);
  const [waiting] = await scene.rows<{ in_s: number }>(
    `SELECT extract(epoch FROM wait_until - clock_timestamp())::float8 AS in_s FROM notification WHERE state = 'waiting'`,
  );
  expect(waiting?.in_s).toBeGreaterThan(500);
  await scene.page('chen', 'critical');
  const claim = await scene.claim(context);
  expect(claim.deliveries.map(({ pages }) => pages.length)).toEqual([2]);
  expect((await pager('chen'))?.last_critical_at).not.toBeNull();
});

it('puts off what waits for somebody beyond the limit without the locks of his incidents', async () => {
  const context = scene.context(email);
  for (let i = 0; i < 12; i++) {
    await scene.page('chen', 'high');
    await scene.claim(context);
  }
  const held = await scene.page('chen', 'high');
  const search = { channel: 'email' as const, severities: ['high' as const], waitedMs: 0, limit: 10 };
  const holder = await context.pool.connect();
  await holder.query('BEGIN');
  await holder.query('SELECT 1 FROM incident WHERE id = $1 FOR UPDATE', [held]);
  try {
    const claim = await claimForPeople(context, await findPagedPeople(context.pool, search), { lockWaitMs: 50 });
    expect([claim.deliveries, claim.locked]).toEqual([[], []]);
    expect(await findPagedPeople(context.pool, search)).toEqual([]);
  } finally {
    await holder.query('ROLLBACK');
    holder.release();
  }
});

it('beyond the limit, waits for a critical whose incident somebody holds, and then names both in one delivery', async () => {
  const context = scene.context(email);
  for (let i = 0; i < 12; i++) {
    await scene.page('chen', 'high');
    await scene.claim(context);
  }
  const [held] = [await scene.page('chen', 'critical'), await scene.page('chen', 'critical')];
  const search = { channel: 'email' as const, severities: ['critical' as const], waitedMs: 0, limit: 10 };
  const holder = await context.pool.connect();
  await holder.query('BEGIN');
  await holder.query('SELECT 1 FROM incident WHERE id = $1 FOR UPDATE', [held]);
  try {
    const found = await findPagedPeople(context.pool, search);
    const claim = await claimForPeople(context, found, { lockWaitMs: 50, skipsLocked: true });
    expect([claim.deliveries, claim.locked]).toEqual([[], [held]]);
    // What is known to be held is not even looked for: the search says that it is left out.
    const without = await findPagedPeople(context.pool, { ...search, held: [held] });
    expect(without.map(({ leavesOut }) => leavesOut)).toEqual([true]);
    expect((await claimForPeople(context, without)).deliveries).toEqual([]);
    expect((await pager('chen'))?.last_critical_at).toBeNull();
  } finally {
    await holder.query('ROLLBACK');
    holder.release();
  }
  expect((await scene.claim(context)).deliveries.map(({ pages }) => pages.length)).toEqual([2]);
});

it('does not claim what an acknowledgement has taken back', async () => {
  const incident = await scene.page('chen');
  const context = scene.context(email);
  const found = await findPagedPeople(context.pool, { channel: 'email', severities: ['high'], waitedMs: 0, limit: 10 });
  await scene.act(incident, 'acknowledge');
  expect((await claimForPeople(context, found)).deliveries).toEqual([]);
  expect(await states('notification')).toEqual(['suppressed']);
});

it('makes one delivery of it, however many copies claim at once', async () => {
  await scene.pageMany('chen', 30);
  const context = scene.context(email);
  const claims = await Promise.all(Array.from({ length: 8 }, () => scene.claim(context)));
  expect(claims.flatMap(({ deliveries }) => deliveries)).toHaveLength(1);
  expect((await pager('chen'))?.sent_at).toHaveLength(1);
});

it('never deadlocks with acknowledgements, and sends nothing that was acknowledged before its claim', async () => {
  const context = scene.context(email);
  const deadlocks = async () =>
    Number(
      (
        await scene.rows<{ n: string }>(
          'SELECT deadlocks AS n FROM pg_stat_database WHERE datname = current_database()',
        )
      )[0]?.n,
    );
  const before = await deadlocks();
  for (let round = 0; round < 4; round++) {
    const incidents = [...(await scene.pageMany('chen', 20)), ...(await scene.pageMany('bilal', 20))];
    const shuffled = [...incidents].sort((a, b) => (a.slice(-4) < b.slice(-4) ? -1 : 1));
    const acts = shuffled.map((incident) => scene.act(incident, 'acknowledge'));
    const claims = Array.from({ length: 6 }, () => scene.claim(context));
    await Promise.all([...acts, ...claims]);
  }
  expect(await deadlocks()).toBe(before);
  // Whatever order they came in: a page that was sent was sent before its incident was acknowledged (I16).
  const wrong = await scene.rows(
    `SELECT s.stream FROM event s JOIN event a ON a.stream = s.stream AND a.type = 'incident.acknowledged' WHERE s.type = 'notification.sent' AND s.seq > a.seq`,
  );
  expect(wrong).toEqual([]);
  expect(await scene.rows(`SELECT id FROM notification WHERE state NOT IN ('sent', 'suppressed')`)).toEqual([]);
  expect(await verifyLog(scene.db.pool)).toMatchObject({ ok: true });
});

it('a thousand dead notifications do not keep a live one waiting', async () => {
  const dead = await scene.pageMany('bilal', 1_000, 'critical');
  // What no code of ours does: runs that ended and left their pages waiting.
  await scene.rows(
    `UPDATE run SET state = 'ended', ended_at = clock_timestamp(), ended_by = 'test' WHERE incident_id = ANY($1::uuid[])`,
    [dead],
  );
  const live = await scene.page('chen', 'low');
  const context = scene.context(email);
  // One place is free: it must not go to whom only dead ones wait for.
  const claim = await scene.claim(context, 1);
  expect(claim.deliveries.map(({ incidentIds }) => incidentIds)).toEqual([[live]]);
  while (true) {
    const found = await findDeadPages(context.pool, 200);
    if (found.length === 0) break;
    await suppressDeadPages(context, found);
  }
  expect(await scene.rows(`SELECT id FROM notification WHERE state = 'waiting'`)).toEqual([]);
});

describe('a process that dies with an attempt under way', () => {
  const overdue = () => scene.rows(`UPDATE delivery SET act_at = clock_timestamp() - interval '1 second'`);

  it('leaves it to be sent again with the same key and code, without spending pace', async () => {
    const incident = await scene.page('chen');
    const context = scene.context(email);
    const [first] = (await scene.claim(context)).deliveries;
    expect(await scene.resends(context)).toEqual([]);
    await overdue();
    const again = await claimAgain(context, await scene.resends(context));
    expect(again.deliveries).toMatchObject([{ id: first?.id, ordinal: 2, reach: { ok: true } }]);
    expect(await scene.rows('SELECT ordinal, state, code FROM attempt ORDER BY ordinal')).toEqual([
      { ordinal: 1, state: 'unknown', code: 'no-result' },
      { ordinal: 2, state: 'sending', code: null },
    ]);
    expect((await pager('chen'))?.sent_at).toHaveLength(1);
    expect((await scene.events(incident)).filter((type) => type === 'notification.sent')).toHaveLength(2);
    for (const claimed of [first, again.deliveries[0]])
      if (claimed) await sendDelivery(context, { claimed, config: again.config, signal: never });
    expect(email.sent[0]?.ackCode).toBe(email.sent[1]?.ackCode);
    expect(email.sent[0]?.deliveryId).toBe(email.sent[1]?.deliveryId);
  });

  it('is not sent again once somebody acknowledged', async () => {
    const incident = await scene.page('chen');
    const context = scene.context(email);
    await scene.claim(context);
    await scene.act(incident, 'acknowledge');
    await overdue();
    expect((await claimAgain(context, await scene.resends(context))).deliveries).toEqual([]);
    expect(await states('delivery')).toEqual(['failed']);
    expect(await states('notification')).toEqual(['suppressed']);
    expect(await scene.resends(context)).toEqual([]);
  });

  it('names only what is still wanted', async () => {
    const [kept, gone] = await scene.pageMany('chen', 2);
    const context = scene.context(email);
    await scene.claim(context);
    await scene.act(gone ?? '', 'resolve');
    await overdue();
    const again = await claimAgain(context, await scene.resends(context));
    expect(again.deliveries[0]?.incidents.map(({ incident }) => incident.id)).toEqual([kept]);
  });

  it('does not let a late result of the lost attempt undo the second', async () => {
    await scene.page('chen');
    const context = scene.context(email);
    const [first] = (await scene.claim(context)).deliveries;
    await overdue();
    await claimAgain(context, await scene.resends(context));
    if (!first) throw new Error('nothing claimed');
    await recordResults(context, [
      {
        deliveryId: first.id,
        ordinal: 1,
        incidentIds: first.incidentIds,
        outcome: { kind: 'try-later', code: 'late' },
        gone: [],
      },
    ]);
    expect(await states('delivery')).toEqual(['sending']);
  });
});

describe('a claim that took too long', () => {
  it('gives back the slot and the pages, and keeps the record whole', async () => {
    const incident = await scene.page('chen');
    const context = scene.context(email);
    const claim = await scene.claim(context);
    await abandonDeliveries(context, claim.deliveries);
    expect(await states('notification')).toEqual(['waiting']);
    expect(await states('delivery')).toEqual(['abandoned']);
    expect(await states('attempt')).toEqual(['abandoned']);
    expect((await pager('chen'))?.sent_at).toEqual([]);
    expect((await scene.claim(context)).deliveries).toHaveLength(1);
    expect((await scene.events(incident)).slice(-3)).toEqual([
      'notification.sent',
      'notification.queued',
      'notification.sent',
    ]);
  });

  it('gives back nothing to send when it was acknowledged meanwhile', async () => {
    const incident = await scene.page('chen');
    const context = scene.context(email);
    const claim = await scene.claim(context);
    await scene.act(incident, 'acknowledge');
    await abandonDeliveries(context, claim.deliveries);
    expect(await states('notification')).toEqual(['suppressed']);
    expect((await scene.claim(context)).deliveries).toEqual([]);
  });
});
