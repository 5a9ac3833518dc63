import { verifyLog } from '@tocsin/store';
import { openPageScene, type PageScene, scriptedChannel } from '../../test/page-scene.js';
import { climbUnproven } from './climb-ladder.js';
import type { PageContext } from './page-context.js';
import { ackCode } from './page-secrets.js';
import { acknowledgeByCode } from './record-receipt-acknowledge.js';
import { recordReceipt } from './record-receipt.js';
import { recordResults } from './record-result.js';

let scene: PageScene;
let context: PageContext;

beforeEach(async () => {
  scene = await openPageScene();
  context = scene.context(scriptedChannel('push'));
  await scene.subscribe('amina', 'https://push.test/1');
});
afterEach(() => scene?.close());

/** Pages amina of so many incidents by push, as accepted; answers the delivery and its code. */
async function pushed(count = 1): Promise<{ id: string; code: string; incidents: readonly string[] }> {
  await scene.pageMany('amina', count);
  const [claimed] = (await scene.claim(context)).deliveries;
  if (!claimed) throw new Error('nothing claimed');
  await recordResults(context, [
    { deliveryId: claimed.id, ordinal: 1, incidentIds: claimed.incidentIds, outcome: { kind: 'accepted' }, gone: [] },
  ]);
  return { id: claimed.id, code: ackCode(context.ackKey, claimed.id), incidents: claimed.incidentIds };
}
const pageStates = async () =>
  (await scene.rows<{ state: string }>('SELECT state FROM notification ORDER BY rung')).map(({ state }) => state);
const incidentStates = async () =>
  (await scene.rows<{ state: string }>('SELECT state FROM incident ORDER BY id')).map(({ state }) => state);

it('a receipt is proof: nothing more is waited for', async () => {
  const { id, code, incidents } = await pushed(2);
  expect(await recordReceipt(context, { deliveryId: id, code, state: 'delivered' })).toEqual({
    ok: true,
    recorded: true,
  });
  expect(await recordReceipt(context, { deliveryId: id, code, state: 'delivered' })).toEqual({
    ok: true,
    recorded: false,
  });
  expect(await pageStates()).toEqual(['delivered', 'delivered']);
  expect(await scene.rows('SELECT state, proof_due_at FROM delivery')).toEqual([
    { state: 'delivered', proof_due_at: null },
  ]);
  for (const incident of incidents) expect((await scene.events(incident)).at(-1)).toBe('notification.delivered');
  expect(await recordReceipt(context, { deliveryId: id, code, state: 'seen' })).toEqual({ ok: true, recorded: true });
  expect(await pageStates()).toEqual(['seen', 'seen']);
});

it('a receipt without the right code is none', async () => {
  const { id } = await pushed();
  const other = await pushed();
  const nobody = { ok: false, refusal: 'unknown-delivery' };
  for (const code of ['', 'wrong', other.code])
    expect(await recordReceipt(context, { deliveryId: id, code, state: 'delivered' })).toEqual(nobody);
  expect(
    await recordReceipt(context, { deliveryId: '019a0000-0000-7000-8000-000000000000', code: 'x', state: 'delivered' }),
  ).toEqual(nobody);
  expect(new Set(await pageStates())).toEqual(new Set(['sent']));
});

it('a receipt that is faster than the result stays', async () => {
  await scene.page('amina');
  const [claimed] = (await scene.claim(context)).deliveries;
  if (!claimed) throw new Error('nothing claimed');
  await recordReceipt(context, {
    deliveryId: claimed.id,
    code: ackCode(context.ackKey, claimed.id),
    state: 'delivered',
  });
  await recordResults(context, [
    {
      deliveryId: claimed.id,
      ordinal: 1,
      incidentIds: claimed.incidentIds,
      outcome: { kind: 'unknown', code: 'timeout' },
      gone: [],
    },
  ]);
  expect(await pageStates()).toEqual(['delivered']);
  expect(await scene.rows('SELECT state, act_at FROM delivery')).toEqual([{ state: 'delivered', act_at: null }]);
});

it('a receipt ends the attempt of a sender that died: nobody else would', async () => {
  await scene.pageMany('amina', 1);
  const [claimed] = (await scene.claim(context)).deliveries;
  if (!claimed) throw new Error('nothing claimed');
  await recordReceipt(context, {
    deliveryId: claimed.id,
    code: ackCode(context.ackKey, claimed.id),
    state: 'delivered',
  });
  expect(await scene.rows('SELECT state, ended_at IS NOT NULL AS ended FROM attempt')).toEqual([
    { state: 'accepted', ended: true },
  ]);
});

it('a late receipt takes back the mail that has not gone out yet', async () => {
  const { id, code } = await pushed();
  await scene.rows('UPDATE delivery SET proof_due_at = clock_timestamp()');
  await climbUnproven(context, await scene.rows('SELECT id, incident_ids AS incidents FROM delivery'));
  expect(await pageStates()).toEqual(['failed', 'waiting']);
  await recordReceipt(context, { deliveryId: id, code, state: 'delivered' });
  expect(await pageStates()).toEqual(['delivered', 'suppressed']);
  expect(await verifyLog(scene.db.pool)).toMatchObject({ ok: true });
});

describe('the one-time code', () => {
  it('acknowledges exactly the incidents which the page named, as its reader', async () => {
    const other = await pushed();
    const { id, code, incidents } = await pushed(3);
    const answer = await acknowledgeByCode(context, { code, deliveryId: id });
    expect(answer).toMatchObject({ ok: true, person: scene.people['amina'] });
    expect(answer.ok && answer.incidents.map(({ state }) => state)).toEqual([
      'acknowledged',
      'acknowledged',
      'acknowledged',
    ]);
    const [untouched] = await scene.rows<{ state: string }>('SELECT state FROM incident WHERE id = $1', [
      other.incidents[0],
    ]);
    expect(untouched?.state).toBe('open');
    const [event] = await scene.rows(
      `SELECT actor_kind, actor_id FROM event WHERE stream = $1 AND type = 'incident.acknowledged'`,
      [incidents[0]],
    );
    expect(event).toEqual({ actor_kind: 'person', actor_id: scene.people['amina'] });
    expect((await scene.events(incidents[0] ?? '')).at(-1)).toBe('notification.seen');
    expect(await verifyLog(scene.db.pool)).toMatchObject({ ok: true });
  });

  it('works once: a second use answers alike and changes nothing', async () => {
    const { code, incidents } = await pushed();
    await acknowledgeByCode(context, { code });
    const before = await scene.events(incidents[0] ?? '');
    await scene.rows(`UPDATE incident SET state = 'open'`);
    expect(await acknowledgeByCode(context, { code })).toMatchObject({ ok: true, incidents: [{ state: 'open' }] });
    expect(await scene.events(incidents[0] ?? '')).toEqual(before);
  });

  it('stops the ladder and what is about to be sent', async () => {
    const { code } = await pushed();
    await scene.rows('UPDATE delivery SET proof_due_at = clock_timestamp()');
    await climbUnproven(context, await scene.rows('SELECT id, incident_ids AS incidents FROM delivery'));
    await acknowledgeByCode(context, { code });
    expect(await pageStates()).toEqual(['seen', 'suppressed']);
  });

  it('does nothing for an incident that is over, and is unknown when it is wrong or another delivery’s', async () => {
    const { id, code, incidents } = await pushed();
    const other = await pushed();
    expect(await acknowledgeByCode(context, { code: 'nonsense' })).toEqual({ ok: false, refusal: 'unknown-code' });
    expect(await acknowledgeByCode(context, { code, deliveryId: other.id })).toEqual({
      ok: false,
      refusal: 'unknown-code',
    });
    await scene.act(incidents[0] ?? '', 'resolve');
    expect(await acknowledgeByCode(context, { code, deliveryId: id })).toMatchObject({
      ok: true,
      incidents: [{ state: 'resolved', refusal: 'illegal-move' }],
    });
    expect(await incidentStates()).toContain('resolved');
  });

  it('of a notice acknowledges nothing, but shows that it was seen', async () => {
    await scene.page('amina');
    await scene.rows(`UPDATE notification SET kind = 'notice', run_id = NULL, notice = 'recalled'`);
    const [claimed] = (await scene.claim(context)).deliveries;
    const answer = await acknowledgeByCode(context, { code: ackCode(context.ackKey, claimed?.id ?? '') });
    expect(answer).toMatchObject({ ok: true, incidents: [] });
    expect([await pageStates(), await incidentStates()]).toEqual([['seen'], ['open']]);
  });

  it('races with itself and a person without harm', async () => {
    const { code, incidents } = await pushed(5);
    await Promise.all([
      ...Array.from({ length: 4 }, () => acknowledgeByCode(context, { code })),
      ...incidents.map((incident) => scene.act(incident, 'acknowledge')),
    ]);
    const counts = await scene.rows<{ n: string }>(
      `SELECT count(*) AS n FROM event WHERE type = 'incident.acknowledged' GROUP BY stream`,
    );
    expect(counts.map(({ n }) => n)).toEqual(['1', '1', '1', '1', '1']);
  });
});
