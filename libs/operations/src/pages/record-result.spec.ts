import type { SendOutcome } from '@tocsin/channels';
import { findUnproven, verifyLog } from '@tocsin/store';
import { openPageScene, type PageScene, type ScriptedChannel, scriptedChannel } from '../../test/page-scene.js';
import { climbUnproven } from './climb-ladder.js';
import { recordResults } from './record-result.js';
import { sendDelivery } from './send-deliveries.js';

let scene: PageScene;
const never = new AbortController().signal;

beforeEach(async () => {
  scene = await openPageScene();
});
afterEach(() => scene?.close());

/** Claims, sends and records whatever is due on the channel; answers how many deliveries there were. */
async function deliver(channel: ScriptedChannel, outcome: SendOutcome): Promise<number> {
  channel.answer(outcome);
  const context = scene.context(channel);
  const claim = await scene.claim(context);
  const results = await Promise.all(
    claim.deliveries.map((claimed) => sendDelivery(context, { claimed, config: claim.config, signal: never })),
  );
  if (results.length > 0) await recordResults(context, results);
  return results.length;
}
const pages = () => scene.rows('SELECT channel, rung, state FROM notification ORDER BY rung');
const systemAlerts = async () =>
  (await scene.rows<{ key: string }>(`SELECT key FROM alert WHERE principal_kind = 'system'`))
    .map(({ key }) => key)
    .sort();
const notificationEvents = async (incident: string) =>
  (await scene.events(incident)).filter((type) => type.startsWith('notification.'));

/** By the commit that made it known: a process that dies after it could not say it any more. */
async function toldWithTheFailure(): Promise<boolean> {
  const told = await scene.rows(`SELECT 1 FROM alert a JOIN event e ON e.xid::text = a.xmin::text
    WHERE a.principal_kind = 'system' AND a.labels ->> 'cause' = 'page-failed' AND e.type = 'notification.failed'`);
  return told.length > 0;
}

it('a 2xx of a webhook is proof', async () => {
  const incident = await scene.page('ops');
  const webhook = scriptedChannel('webhook');
  expect(await deliver(webhook, { kind: 'accepted', proof: true, providerId: 'x1' })).toBe(1);
  expect(await pages()).toEqual([{ channel: 'webhook', rung: 0, state: 'delivered' }]);
  expect(await scene.rows('SELECT state, provider_id FROM attempt')).toEqual([
    { state: 'accepted', provider_id: 'x1' },
  ]);
  expect(await notificationEvents(incident)).toEqual([
    'notification.queued',
    'notification.sent',
    'notification.delivered',
  ]);
  expect(await verifyLog(scene.db.pool)).toMatchObject({ ok: true });
});

it('mail that was accepted proves nothing, and asks for nothing more where the ladder ends', async () => {
  await scene.page('chen');
  await deliver(scriptedChannel('email'), { kind: 'accepted' });
  expect(await pages()).toEqual([{ channel: 'email', rung: 0, state: 'sent' }]);
  expect(await scene.rows('SELECT state, proof_due_at, act_at FROM delivery')).toEqual([
    { state: 'accepted', proof_due_at: null, act_at: null },
  ]);
});

it.each<[string, SendOutcome]>([
  ['refused for good', { kind: 'refused-for-good', code: 'http-410', gone: true }],
  ['has no phone', { kind: 'accepted' }],
])('a push that is %s goes on by mail at once', async (what, outcome) => {
  const phone = what === 'has no phone' ? null : await scene.subscribe('amina', 'https://push.test/1');
  const incident = await scene.page('amina');
  expect(await deliver(scriptedChannel('push'), outcome)).toBe(1);
  expect(await pages()).toEqual([
    { channel: 'push', rung: 0, state: 'failed' },
    { channel: 'email', rung: 1, state: 'waiting' },
  ]);
  expect(await notificationEvents(incident)).toEqual([
    'notification.queued',
    'notification.sent',
    'notification.failed',
    'notification.queued',
  ]);
  if (phone) expect(await scene.rows('SELECT dead_code FROM push_subscription')).toEqual([{ dead_code: 'http-410' }]);
  const email = scriptedChannel('email');
  expect(await deliver(email, { kind: 'accepted' })).toBe(1);
  expect(email.sent[0]?.to).toEqual({ kind: 'email', address: 'amina@pagetown.test' });
  expect(await systemAlerts()).toEqual([]);
});

it('a push without proof goes on by mail when its time is over', async () => {
  await scene.subscribe('amina', 'https://push.test/1');
  const incident = await scene.page('amina');
  const push = scriptedChannel('push');
  await deliver(push, { kind: 'accepted' });
  const context = scene.context(push);
  expect(await findUnproven(context.pool, 10)).toEqual([]);
  const [due] = await scene.rows<{ in_s: number }>(
    'SELECT extract(epoch FROM proof_due_at - clock_timestamp())::float8 AS in_s FROM delivery',
  );
  expect(due?.in_s).toBeGreaterThan(18);
  expect(due?.in_s).toBeLessThanOrEqual(20);
  await scene.rows(`UPDATE delivery SET proof_due_at = clock_timestamp()`);
  const unproven = await findUnproven(context.pool, 10);
  await climbUnproven(context, unproven);
  await climbUnproven(context, unproven);
  expect(await pages()).toEqual([
    { channel: 'push', rung: 0, state: 'failed' },
    { channel: 'email', rung: 1, state: 'waiting' },
  ]);
  expect((await notificationEvents(incident)).slice(-2)).toEqual(['notification.failed', 'notification.queued']);
});

it('a last way that proves nothing is as loud as one that refuses', async () => {
  await scene.page('ops');
  const webhook = scriptedChannel('webhook');
  await deliver(webhook, { kind: 'accepted' });
  await scene.rows(`UPDATE delivery SET proof_due_at = clock_timestamp()`);
  const context = scene.context(webhook);
  await climbUnproven(context, await findUnproven(context.pool, 10));
  expect(await pages()).toEqual([{ channel: 'webhook', rung: 0, state: 'failed' }]);
  expect(await systemAlerts()).toEqual(['page-failed']);
  expect(await toldWithTheFailure()).toBe(true);
});

it('does not climb for an incident that somebody has acknowledged', async () => {
  await scene.subscribe('amina', 'https://push.test/1');
  const incident = await scene.page('amina');
  const push = scriptedChannel('push');
  await deliver(push, { kind: 'accepted' });
  await scene.act(incident, 'acknowledge');
  await scene.rows(`UPDATE delivery SET proof_due_at = clock_timestamp()`);
  await climbUnproven(scene.context(push), await findUnproven(scene.db.pool, 10));
  expect(await pages()).toEqual([{ channel: 'push', rung: 0, state: 'sent' }]);
});

it('a ladder with two addresses of one channel tries both, then says aloud that nobody could be reached', async () => {
  await scene.page('bilal');
  const email = scriptedChannel('email');
  await deliver(email, { kind: 'refused-for-good', code: 'smtp-550' });
  expect(await systemAlerts()).toEqual([]);
  await deliver(email, { kind: 'refused-for-good', code: 'smtp-550' });
  expect(email.sent.map(({ to }) => to.kind === 'email' && to.address)).toEqual([
    'bilal@pagetown.test',
    'bilal@home.test',
  ]);
  expect(await pages()).toEqual([
    { channel: 'email', rung: 0, state: 'failed' },
    { channel: 'email', rung: 1, state: 'failed' },
  ]);
  expect(await systemAlerts()).toEqual(['page-failed']);
  expect(await toldWithTheFailure()).toBe(true);
});

it('a channel that is not configured is said aloud once, fails at once, and the next one is tried', async () => {
  await scene.page('amina');
  await scene.page('amina');
  await deliver(scriptedChannel('push', { isConfigured: false }), { kind: 'accepted' });
  expect(await scene.rows('SELECT DISTINCT state, code FROM attempt')).toEqual([
    { state: 'failed', code: 'not-configured' },
  ]);
  expect(await systemAlerts()).toEqual(['channel-not-configured']);
  expect((await pages()).filter(({ state }) => state === 'waiting')).toHaveLength(2);
  expect(await scene.rows('SELECT sent_at FROM pager WHERE cardinality(sent_at) > 0')).toEqual([]);
});

it('tries again, later each time, then gives the next rung its turn', async () => {
  await scene.page('bilal');
  const email = scriptedChannel('email');
  await deliver(email, { kind: 'try-later', code: 'smtp-451' });
  expect(await scene.rows(`SELECT state, extract(epoch FROM act_at - made_at)::int AS in_s FROM delivery`)).toEqual([
    { state: 'retry', in_s: 1 },
  ]);
  // bilal's second address is to be tried after 5 s: a repeat that comes later than that is none.
  await scene.rows(`UPDATE delivery SET state = 'sending', attempts = 4`);
  const [delivery] = await scene.rows<{ id: string; incident_ids: string[] }>('SELECT id, incident_ids FROM delivery');
  const result = {
    deliveryId: delivery?.id ?? '',
    ordinal: 4,
    incidentIds: delivery?.incident_ids ?? [],
    outcome: { kind: 'unknown', code: 'timeout' } as const,
    gone: [],
  };
  await recordResults(scene.context(email), [result]);
  expect(await pages()).toEqual([
    { channel: 'email', rung: 0, state: 'failed' },
    { channel: 'email', rung: 1, state: 'waiting' },
  ]);
});

it('the product’s own incidents do not raise further ones when their pages fail', async () => {
  const incident = await scene.page('chen');
  await scene.rows(`UPDATE incident SET class = 'system' WHERE id = $1`, [incident]);
  await deliver(scriptedChannel('email'), { kind: 'refused-for-good', code: 'smtp-550' });
  expect(await systemAlerts()).toEqual([]);
});
