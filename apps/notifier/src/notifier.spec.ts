import type { NotifierSettings } from '@tocsin/config';
import { pageQueue } from '@tocsin/contracts';
import { type Queues, openQueues } from '@tocsin/queue';
import { createMetrics, silentLogger } from '@tocsin/telemetry';
import { until } from '@tocsin/testing';
import { type HttpPeer, startHttpPeer } from '../../../libs/channels/test/http-peer.js';
import { type SmtpPeer, startSmtpPeer } from '../../../libs/channels/test/smtp-peer.js';
import { openPageScene, type PageScene } from '../../../libs/operations/test/page-scene.js';
import { Notifier } from './notifier.module.js';

let hook: HttpPeer;
let mail: SmtpPeer;
let scene: PageScene;
let notifier: Notifier | undefined;

beforeEach(async () => {
  hook = await startHttpPeer();
  mail = await startSmtpPeer();
  scene = await openPageScene(`${hook.origin}/hook`);
});
afterEach(async () => {
  await notifier?.onApplicationShutdown();
  notifier = undefined;
  await scene?.close();
  await hook.close();
  await mail.close();
});

const start = async (redisUrl: string | null = null): Promise<void> => {
  const settings = {
    databaseUrl: scene.db.url,
    redisUrl,
    smtpUrl: mail.url,
    secret: 'a secret of the test',
    allowHosts: [`127.0.0.1:${hook.port}`, '127.0.0.1:9'],
    publicUrl: 'https://tocsin.test',
    bindAddress: '127.0.0.1',
    gatewayPort: 4100,
  } as unknown as NotifierSettings;
  notifier = await Notifier.start({
    settings,
    log: silentLogger,
    metrics: createMetrics('notifier', { processMetrics: false }),
  });
};
const count = async (state: string) =>
  Number((await scene.rows<{ n: string }>('SELECT count(*) AS n FROM notification WHERE state = $1', [state]))[0]?.n);
const arrived = () =>
  hook.requests.map(({ body }) => JSON.parse(body.toString()).data.incidents[0].id as string).sort();

describe('without Redis', () => {
  it('delivers by every configured way, and records the proof', async () => {
    await start();
    const [hooked, mailed] = [await scene.page('ops', 'critical'), await scene.page('bilal', 'low')];
    await until(() => hook.requests.length === 1 && mail.mails.length === 1, { what: 'both pages arrive' });
    expect(arrived()).toEqual([hooked]);
    await until(async () => (await count('delivered')) === 1, { what: 'the webhook’s answer is recorded' });
    expect(await scene.events(mailed)).toContain('notification.sent');
    expect(notifier?.isReady()).toBe(true);
  });

  it('goes from a push nobody can receive to mail in a moment', async () => {
    await start();
    await scene.page('amina', 'high');
    await until(() => mail.mails.length === 1, { what: 'the mail arrives', timeoutMs: 3_000 });
    expect(mail.mails[0]?.to).toMatchObject({ value: [{ address: 'amina@pagetown.test' }] });
  });

  it('one silent webhook does not keep another waiting', async () => {
    await scene.pageMany('dead', 300, 'high');
    const live = await scene.pageMany('ops', 20, 'high');
    await start();
    await until(() => hook.requests.length >= 20, { what: 'the live ones arrive', timeoutMs: 5_000 });
    expect(arrived()).toEqual([...live].sort());
  });

  it('sends again what a receiver could not take', async () => {
    hook.behave({ status: 503 });
    await start();
    await scene.page('ops', 'high');
    await until(() => hook.requests.length === 1, { what: 'the first attempt' });
    hook.behave({ status: 200 });
    await until(async () => (await count('delivered')) === 1, { what: 'the second attempt', timeoutMs: 10_000 });
    expect(new Set(hook.requests.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
  });

  it('two copies send each page once', async () => {
    await start();
    const first = notifier;
    await start();
    await scene.pageMany('ops', 200, 'high');
    await until(async () => (await count('delivered')) === 200, { what: 'all are delivered' });
    await first?.onApplicationShutdown();
    expect(new Set(arrived()).size).toBe(200);
    expect(hook.requests).toHaveLength(200);
  });

  it('stops with calls under way, and what had no result is left to be found', async () => {
    hook.behave('hang');
    await start();
    await scene.page('ops', 'high');
    await until(() => hook.requests.length === 1, { what: 'the call is under way' });
    await notifier?.onApplicationShutdown();
    notifier = undefined;
    expect(await scene.rows('SELECT state FROM delivery')).toEqual([{ state: 'retry' }]);
  });
});

describe('with Redis', () => {
  let queues: Queues;
  const redisUrl = process.env['TOCSIN_TEST_REDIS_URL'] ?? null;
  beforeEach(() => {
    queues = openQueues(redisUrl, silentLogger);
  });
  afterEach(() => queues.close());

  it('is told by the queue, sooner than the sweeper would look', async () => {
    await start(redisUrl);
    await until(() => queues.connected, { what: 'Redis' });
    const incident = await scene.page('ops', 'high');
    const ids = (
      await scene.rows<{ id: string }>('SELECT id FROM notification WHERE incident_id = $1', [incident])
    ).map(({ id }) => id);
    const startedAt = performance.now();
    queues.add(pageQueue('webhook', 'high'), ids);
    await until(() => hook.requests.length === 1, { what: 'it arrives', everyMs: 1 });
    expect(performance.now() - startedAt).toBeLessThan(3_000);
  });

  it('and delivers without being told', async () => {
    await start(redisUrl);
    await scene.page('ops', 'high');
    await until(() => hook.requests.length === 1, { what: 'the sweeper finds it', timeoutMs: 3_000 });
  });
});
