import { composeMessage, pushPayload } from '@tocsin/channels';
import { OpenGateway, type SignedIn } from './open-gateway.js';
import { PageWorker, type ShownPage } from './page-worker.js';
import { type SentPage, sentPage } from './sent-page.js';

let open: OpenGateway;
let guard: SignedIn;
beforeAll(async () => {
  open = await OpenGateway.open();
  guard = await open.signIn('guard');
});
afterAll(() => open.close());

/** What the notifier's channel would send for this page. */
function payloadOf({ incidentId, deliveryId, code }: SentPage, language: 'en' | 'ur' = 'en'): string {
  const incident = {
    id: incidentId,
    number: '26-00001',
    severity: 'critical' as const,
    site: { code: '01', name: 'Gate 1' },
    title: 'Panic <b>button</b>',
    openedAt: 1_795_559_940_000_000,
    reality: 'actual' as const,
    kind: 'page' as const,
  };
  return pushPayload(
    composeMessage({
      deliveryId,
      language,
      incidents: [incident],
      timeZone: 'Asia/Karachi',
      ackCode: code,
      url: `${open.url}/?incident=${incidentId}`,
      to: { kind: 'push', subscription: { endpoint: 'https://push.example/1', keys: { p256dh: '', auth: '' } } },
    }),
  );
}
const stateOf = async ({ incidentId }: SentPage): Promise<string> =>
  (await guard.get(`/v1/incidents/${incidentId}`)).body.state;
const deliveryOf = async ({ incidentId }: SentPage) =>
  (await guard.get(`/v1/incidents/${incidentId}/deliveries`)).body.items[0];

describe.each(['push', 'pushDeclared'] as const)('a page that comes by %s', (way) => {
  it('is shown as it was composed, and proves that it arrived', async () => {
    const [worker, page] = [new PageWorker(open.url), await sentPage(open)];
    await worker[way](payloadOf(page));
    expect(worker.shown).toEqual([
      expect.objectContaining({
        title: 'CRITICAL · 01 Gate 1 · Panic <b>button</b>',
        body: expect.stringContaining('26-00001'),
        lang: 'en',
        dir: 'ltr',
        tag: `page-${page.incidentId}`,
        requireInteraction: true,
        actions: [{ action: 'acknowledge', title: 'Acknowledge' }],
      }),
    ]);
    expect(worker.asked).toEqual([{ path: '/v1/push/receipts', status: 204 }]);
    expect(await deliveryOf(page)).toMatchObject({ state: 'delivered' });
  });

  it('is acknowledged by its button, and opened by a tap', async () => {
    const [worker, page] = [new PageWorker(open.url), await sentPage(open)];
    await worker[way](payloadOf(page));
    await worker.tap(worker.shown[0] as ShownPage);
    expect(worker.opened).toEqual([`${open.url}/?incident=${page.incidentId}`]);
    expect(await deliveryOf(page)).toMatchObject({ state: 'seen' });
    await worker.tap(worker.shown[0] as ShownPage, 'acknowledge');
    expect(await stateOf(page)).toBe('acknowledged');
    expect(worker.shown).toHaveLength(1);
  });
});

it('a press that nobody heard brings the page back, with its button, in the reader’s language', async () => {
  const [worker, page] = [new PageWorker(open.url), await sentPage(open)];
  await worker.push(payloadOf(page, 'ur'));
  worker.isOffline = true;
  await worker.tap(worker.shown[0] as ShownPage, 'acknowledge');
  await worker.tap(worker.shown[1] as ShownPage, 'acknowledge');
  const [first, second, third] = worker.shown as [ShownPage, ShownPage, ShownPage];
  expect(second).toMatchObject({ title: first.title, tag: first.tag, dir: 'rtl', actions: first.actions });
  expect(second.body).not.toBe(first.body);
  expect(third.body).toBe(second.body);
  worker.isOffline = false;
  await worker.tap(third, 'acknowledge');
  expect(await stateOf(page)).toBe('acknowledged');
});

it('a push that cannot be read is shown all the same', async () => {
  const worker = new PageWorker(open.url);
  await worker.push('not JSON');
  await worker.push('null');
  await worker.push('{"notification":null}');
  expect(worker.shown.map(({ title }) => title)).toEqual(['Tocsin', 'Tocsin', 'Tocsin']);
  expect(worker.shown[0]?.body).toBe('not JSON');
});
