import { NoQueues } from '@tocsin/queue';
import { loadAggregates, openPool, type Pool, transaction, verifyLog } from '@tocsin/store';
import { createMetrics } from '@tocsin/telemetry';
import { until } from '@tocsin/testing';
import { v7 } from 'uuid';
import {
  openPageScene,
  type PageScene,
  type ScriptedChannel,
  scriptedChannel,
} from '../../../libs/operations/test/page-scene.js';
import { PageLane } from './page-lane.js';
import { pageMetrics } from './page-metrics.js';

let scene: PageScene;
let lane: PageLane | undefined;
let pool: Pool;
let sweeps: NodeJS.Timeout;
/** Also of a test that failed: nothing closes while somebody holds. */
const holds: (() => void)[] = [];

beforeEach(async () => {
  scene = await openPageScene();
  pool = openPool({ url: scene.db.url, name: 'lane', max: 3 });
});
afterEach(async () => {
  clearInterval(sweeps);
  for (const letGo of holds.splice(0)) letGo();
  await lane?.close();
  lane = undefined;
  await pool.end();
  await scene.close();
});

/** A lane on its own three connections, swept every 25 ms as without Redis. */
function open(channel: ScriptedChannel, capacity = 16): void {
  const opened = new PageLane({
    lane: 'high',
    context: { ...scene.context(channel), pool },
    queues: new NoQueues(),
    metrics: pageMetrics(createMetrics('lane', { processMetrics: false })),
    capacity,
  });
  lane = opened;
  sweeps = setInterval(() => opened.sweep(), 25);
}

/** Holds an incident on a connection of its own until the answer is called. */
async function hold(incident: string): Promise<() => Promise<void>> {
  let letGo = (): void => {};
  let taken = (): void => {};
  const isTaken = new Promise<void>((resolve) => (taken = resolve));
  const holding = transaction(scene.db.pool, async (tx) => {
    await loadAggregates(tx, [incident]);
    taken();
    await new Promise<void>((resolve) => (letGo = resolve));
  });
  await isTaken;
  holds.push(() => letGo());
  return async () => {
    letGo();
    await holding;
  };
}

const named = (channel: ScriptedChannel): string[] =>
  channel.sent.flatMap(({ incidents }) => incidents.map(({ id }) => id));

it.each(['email', 'webhook'] as const)(
  'by %s: an incident that somebody holds keeps no other page waiting',
  async (kind) => {
    const channel = scriptedChannel(kind);
    const [who, others] = kind === 'email' ? (['bilal', 'chen'] as const) : (['ops', 'ops'] as const);
    const held = await scene.page(who);
    const free = [await scene.page(others), await scene.page(who)];
    const letGo = await hold(held);
    open(channel, 1);
    await until(() => free.every((id) => named(channel).includes(id)), { timeoutMs: 2_000, what: 'the free ones' });
    const later = await scene.page(others);
    await until(() => named(channel).includes(later), { timeoutMs: 1_000, what: 'a later one' });
    expect(named(channel)).not.toContain(held);
    await letGo();
    await until(() => named(channel).includes(held), { timeoutMs: 3_000, what: 'the held one' });
  },
);

it('an incident that somebody holds keeps no other result from being written, so that nothing is sent twice', async () => {
  const channel = scriptedChannel('webhook');
  const [held, free] = [await scene.page('ops'), await scene.page('ops')];
  let letGo: (() => Promise<void>) | undefined;
  let isHeld: Promise<void> | undefined;
  channel.answer(async () => {
    isHeld ??= hold(held).then((release) => void (letGo = release));
    await isHeld;
    return { kind: 'accepted', proof: true };
  });
  open(channel);
  const stateOf = async (id: string): Promise<string[]> =>
    (await scene.rows<{ state: string }>('SELECT state FROM notification WHERE incident_id = $1', [id])).map(
      ({ state }) => state,
    );
  await until(async () => (await stateOf(free))[0] === 'delivered', { timeoutMs: 2_000, what: 'the free one' });
  // Until long after the attempt of the free one would have counted as unknown.
  expect(await stateOf(held)).toEqual(['sent']);
  await letGo?.();
  await until(async () => (await stateOf(held))[0] === 'delivered', { timeoutMs: 3_000, what: 'the held one' });
  expect(channel.sent).toHaveLength(2);
  expect(await verifyLog(scene.db.pool)).toMatchObject({ ok: true });
});

it('a result whose incident is free again waits for none whose incident is still held', async () => {
  const channel = scriptedChannel('webhook');
  const incidents = [await scene.page('ops'), await scene.page('ops'), await scene.page('ops')];
  let letGo: (() => Promise<void>)[] = [];
  let isHeld: Promise<void> | undefined;
  channel.answer(async () => {
    isHeld ??= Promise.all(incidents.map(hold)).then((releases) => void (letGo = releases));
    await isHeld;
    return { kind: 'accepted', proof: true };
  });
  open(channel);
  const delivered = async (): Promise<string[]> =>
    (await scene.rows<{ incident_id: string }>(`SELECT incident_id FROM notification WHERE state = 'delivered'`)).map(
      ({ incident_id }) => incident_id,
    );
  const waiting = (): Promise<unknown[]> =>
    scene.rows(`SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`);
  await until(async () => letGo.length === 3 && (await waiting()).length > 0, {
    timeoutMs: 5_000,
    what: 'somebody waits for the oldest',
  });
  // The one in the middle: it is neither the oldest nor the latest of the line.
  await letGo[1]?.();
  await until(async () => (await delivered()).length === 1, { timeoutMs: 5_000, what: 'the free one' });
  expect(await delivered()).toEqual([incidents[1]]);
  await Promise.all([letGo[0]?.(), letGo[2]?.()]);
  await until(async () => (await delivered()).length === 3, { timeoutMs: 5_000, what: 'all of them' });
  expect(channel.sent).toHaveLength(3);
});

it('a page that cannot be made up keeps no other waiting, and somebody hears of it', async () => {
  const channel = scriptedChannel('push');
  const broken = scene.context(channel).sealer.seal('{');
  await scene.rows(
    `INSERT INTO push_subscription (id, person_id, endpoint_hash, sealed) VALUES (gen_random_uuid(), $1, 'x', $2)`,
    [scene.people['amina'], broken],
  );
  await scene.subscribe('bilal', 'https://push.example/bilal');
  await scene.page('amina');
  const other = await scene.page('bilal');
  await scene.rows(`UPDATE notification SET channel = 'push' WHERE incident_id = $1`, [other]);
  open(channel, 1);
  await until(() => named(channel).includes(other), { timeoutMs: 3_000 });
  await until(async () => (await scene.rows(`SELECT 1 FROM alert WHERE key = 'page-unclaimable'`)).length === 1);
});

it('being told of pages without end does not keep a lane from those that only a sweep finds', async () => {
  const channel = scriptedChannel('webhook');
  const untold = await scene.page('ops');
  open(channel, 2);
  const telling = setInterval(() => lane?.hint([v7()]), 0);
  await until(() => named(channel).includes(untold), { timeoutMs: 3_000 }).finally(() => clearInterval(telling));
});
