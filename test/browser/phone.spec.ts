import { until } from '@tocsin/testing';
import type { Page } from 'playwright-core';
import { Room } from './desk.js';

const room = new Room();
beforeAll(() => room.open(), 120_000);
afterAll(() => room.close());
afterEach(() => room.leave());
jest.setTimeout(120_000);

const phone = (): Promise<Page> => room.desk({ user: 'noor', width: 390, height: 844 });

describe('the phone of a responder', () => {
  it('shows his job, and one tap leads to each next state', async () => {
    const { world } = room.gateway;
    world.raise(
      {
        id: 'job',
        severity: 'critical',
        title: 'Duress button',
        category: 'duress',
        site: 'site-07',
        zone: 'gate-b',
        assignments: [{ person: 'noor', team: 'qrf-2', state: 'notified', at: world.at() }],
      },
      true,
    );
    world.raise({ id: 'other', severity: 'low' }, true);
    const page = await phone();
    await page.getByText('07 Tunnel Works').waitFor();
    for (const [name, act] of [
      ['Accept', 'accept'],
      ['En route', 'en-route'],
      ['On scene', 'on-scene'],
      ['Clear', 'clear'],
    ] as const) {
      const button = page.locator('.job-verbs .verb.huge');
      await page.waitForFunction((n) => document.querySelector('.job-verbs .verb.huge')?.textContent === n, name);
      const box = await button.boundingBox();
      expect(box?.height).toBeGreaterThanOrEqual(64);
      await button.click();
      await until(() => room.gateway.pressed.at(-1)?.act === act, { timeoutMs: 15_000 });
    }
    expect(world.incidents.get('job')?.assignments?.[0]).toMatchObject({ person: 'noor', state: 'clear' });
  });

  it('asks why when he cannot go, with three answers of one tap', async () => {
    const { world } = room.gateway;
    world.raise(
      { id: 'job', assignments: [{ person: 'noor', team: 'qrf-2', state: 'notified', at: world.at() }] },
      true,
    );
    const page = await phone();
    await page.getByRole('button', { name: /Can’t/ }).click();
    await page.getByRole('button', { name: 'Too far' }).click();
    await until(() => room.gateway.pressed[0]?.act === 'decline', { timeoutMs: 15_000 });
    expect(room.gateway.pressed[0]?.body).toMatchObject({ why: 'Too far' });
  });

  it('never pretends: without a link an act is refused in words', async () => {
    const { world } = room.gateway;
    world.raise(
      { id: 'job', assignments: [{ person: 'noor', team: 'qrf-2', state: 'notified', at: world.at() }] },
      true,
    );
    const page = await phone();
    await page.waitForSelector('.job-verbs .verb.huge:enabled');
    room.gateway.cut();
    await page.locator('.job-verbs .verb.huge').click();
    await page.getByText(/NOT SENT/).waitFor({ timeout: 60_000 });
    await page.waitForSelector('.phone-head.stale');
    expect(await page.locator('.job-verbs .verb.huge').isDisabled()).toBe(true);
    expect(room.gateway.pressed).toEqual([]);
  });
});

describe('the pager in the browser', () => {
  const payload = {
    web_push: 8030,
    notification: {
      title: 'S1 Duress button',
      body: '07 Tunnel Works · Gate B',
      tag: 'page-1',
      navigate: '/incidents/1',
      data: { deliveryId: 'd1', code: 'secret', incidentIds: ['job'] },
      actions: [{ action: 'acknowledge', title: 'Acknowledge' }],
    },
  };

  async function pushed(page: Page, data: object): Promise<void> {
    await page.evaluate(async () => {
      await navigator.serviceWorker.register('/sw.js');
      await navigator.serviceWorker.ready;
    });
    const cdp = await page.context().newCDPSession(page);
    const found = new Promise<string>((done) => {
      cdp.on(
        'ServiceWorker.workerRegistrationUpdated',
        ({ registrations }) => registrations[0] && done(registrations[0].registrationId),
      );
    });
    // Who asks for notifications while one is about to be shown makes Chromium forget it: its showing is awaited.
    await cdp.send('BackgroundService.setRecording', { service: 'notifications', shouldRecord: true });
    const isShown = new Promise<void>((done) => {
      cdp.on('BackgroundService.backgroundServiceEventReceived', ({ backgroundServiceEvent: { eventName } }) => {
        if (/displayed/i.test(eventName)) done();
      });
    });
    await cdp.send('BackgroundService.startObserving', { service: 'notifications' });
    await cdp.send('ServiceWorker.enable');
    await cdp.send('ServiceWorker.deliverPushMessage', {
      origin: room.url,
      registrationId: await found,
      data: JSON.stringify(data),
    });
    await isShown;
  }
  const shown = (page: Page): Promise<{ title: string; body: string; actions: string[] }[]> =>
    page.evaluate(async () => {
      const registration = await navigator.serviceWorker.ready;
      const all = (await registration.getNotifications()) as (Notification & { actions?: { action: string }[] })[];
      return all.map((n) => ({ title: n.title, body: n.body, actions: (n.actions ?? []).map((a) => a.action) }));
    });

  it('always shows what it is sent, and posts a receipt with the code of the delivery', async () => {
    const page = await phone();
    await pushed(page, payload);
    await until(() => room.gateway.receipts.length > 0, { timeoutMs: 20_000 });
    expect(room.gateway.receipts[0]).toEqual({
      path: '/v1/push/receipts',
      body: { deliveryId: 'd1', code: 'secret', state: 'delivered' },
    });
    const all = await until(async () => {
      const list = await shown(page);
      return list.length > 0 ? list : null;
    });
    expect(all[0]).toMatchObject({
      title: 'S1 Duress button',
      body: '07 Tunnel Works · Gate B',
      actions: ['acknowledge'],
    });
  });

  it('shows even what it cannot read', async () => {
    const page = await phone();
    await pushed(page, {});
    const all = await until(async () => {
      const list = await shown(page);
      return list.some((n) => n.title === 'Tocsin') ? list : null;
    });
    expect(all.length).toBeGreaterThan(0);
  });

  it('is told to the gateway by whoever signs in on a device that holds a subscription', async () => {
    const page = await room.page();
    await page.evaluate(() => {
      const held = {
        toJSON: () => ({ endpoint: 'https://push.example/1', keys: { p256dh: 'point', auth: 'secret' } }),
      };
      const worker = { pushManager: { getSubscription: () => Promise.resolve(held) } };
      Object.assign(navigator.serviceWorker, { getRegistration: () => Promise.resolve(worker) });
    });
    await page.fill('input[autocomplete=username]', 'khan');
    await page.fill('input[type=password]', 'tocsin');
    await page.press('input[type=password]', 'Enter');
    await until(() => room.gateway.receipts.length > 0, { timeoutMs: 20_000 });
    expect(room.gateway.receipts[0]).toMatchObject({
      path: '/v1/push/subscriptions',
      body: { endpoint: 'https://push.example/1' },
    });
  });

  it('says honestly what this device can do', async () => {
    const page = await phone();
    await page.getByRole('button', { name: 'Get pages on this device' }).waitFor();
    await page.getByText('This device gets no pages yet.').waitFor();
  });
});
