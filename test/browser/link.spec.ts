import { until } from '@tocsin/testing';
import type { Page } from 'playwright-core';
import { Room, settled, texts } from './desk.js';
import { minuteOfThePictures } from './mock-scene.js';

const room = new Room();
beforeAll(() => room.open(), 120_000);
afterAll(() => room.close());
afterEach(() => room.leave());
jest.setTimeout(120_000);

/** The page's own clock says when each thing first showed: [name, ms after the call]. */
const timeline = (page: Page, selectors: Readonly<Record<string, string>>): Promise<Record<string, number>> =>
  page.evaluate(
    (wanted) =>
      new Promise<Record<string, number>>((done) => {
        const from = performance.now();
        const seen: Record<string, number> = {};
        const look = (): void => {
          for (const [name, selector] of Object.entries(wanted))
            if (!(name in seen) && document.querySelector(selector)) seen[name] = performance.now() - from;
          if (Object.keys(seen).length === Object.keys(wanted).length || performance.now() - from > 40_000) done(seen);
          else requestAnimationFrame(look);
        };
        look();
      }),
    selectors,
  );

describe('a link that is cut', () => {
  it('shows on every live panel after 6 s, and as a bar after 15 s; ages stand still, verbs are refused', async () => {
    minuteOfThePictures(room.gateway);
    const page = await room.desk();
    await settled(page);
    await page.locator('#row-duress').click();
    await page.waitForSelector('.proof tbody tr');
    room.gateway.beat();
    await page.waitForFunction(() => document.querySelector('.health-item')?.textContent?.includes('0.'));
    room.gateway.cut();
    const shown = await timeline(page, { strip: '.health.stale', queue: '.queue .stale-tag', bar: '.stale-bar' });
    expect(shown['strip']).toBeGreaterThan(4_000);
    expect(shown['strip']).toBeLessThan(7_500);
    expect(shown['bar']).toBeGreaterThan(13_000);
    expect(shown['bar']).toBeLessThan(17_000);
    const panels = await page
      .locator('[data-region], .counts')
      .evaluateAll((all) => all.map((p) => p.classList.contains('is-stale') || p.querySelector('.is-stale') !== null));
    expect(panels.every(Boolean)).toBe(true);
    const age = await page.locator('#row-duress .age').innerText();
    const verbs = await page.locator('.rail .verb:disabled').count();
    expect(verbs).toBeGreaterThanOrEqual(3);
    await page.keyboard.press('KeyD');
    await page.waitForFunction(
      () => Number(/\d\d:(\d\d)$/.exec(document.querySelector('.health.stale strong')?.textContent ?? '')?.[1]) >= 18,
    );
    expect(await page.locator('#row-duress .age').innerText()).toBe(age);
    expect(room.gateway.pressed).toEqual([]);
  });

  it('never lets an empty list say that there are no alarms', async () => {
    const page = await room.desk();
    await page.getByText('No open alarms.').first().waitFor();
    room.gateway.cut();
    await page.waitForSelector('.health.stale');
    expect(await page.getByText('No open alarms.').count()).toBe(0);
    await page.getByText('Not known: no live data.').waitFor();
  });

  it('catches up 500 events without a hole and without a double', async () => {
    const { world } = room.gateway;
    minuteOfThePictures(room.gateway, false);
    const page = await room.desk();
    await settled(page);
    await page.locator('#row-duress').click();
    const held = (world.logs.get('duress') ?? []).length;
    await page.waitForFunction((n) => document.querySelector('.timeline .head-n')?.textContent === String(n), held);
    room.gateway.cut();
    await page.waitForFunction(() => document.querySelector('.health')?.textContent?.includes('link lost'));
    await page.waitForSelector('.health.stale');
    for (let n = 0; n < 300; n += 1) world.event('duress', 'note.added', { text: `while away ${n}` });
    for (let n = 0; n < 50; n += 1) world.raise({ id: `away${n}`, severity: 'low', ago: 3_600 + n }, true);
    room.gateway.mend();
    await page.waitForFunction(
      (n) => document.querySelector('.timeline .head-n')?.textContent === String(n),
      held + 300,
    );
    await page.waitForFunction(() => document.querySelectorAll('.tally-n')[3]?.textContent === '72');
    await page.getByText(/events caught up, none missing, none twice/).waitFor();
    const open = [...world.incidents.values()].filter((i) => i.state === 'open' || i.state === 'acknowledged').length;
    const shown = (await texts(page, '.tally-n')).map(Number).reduce((a, b) => a + b, 0);
    expect(shown).toBe(open);
  });

  it('rejoins within 3 s of the link being back', async () => {
    const page = await room.desk();
    room.gateway.cut();
    await page.waitForFunction(() => document.querySelector('.health')?.textContent?.includes('link lost'));
    room.gateway.mend();
    const from = performance.now();
    room.gateway.world.raise({ id: 'late', severity: 'critical' });
    await page.waitForSelector('#row-late');
    expect(performance.now() - from).toBeLessThan(3_000);
  });

  it('asks again where events were lost on the way, and shows what the server has', async () => {
    const { world } = room.gateway;
    world.raise({ id: 'gap', severity: 'critical' }, true);
    const page = await room.desk();
    await page.waitForSelector('#row-gap');
    world.event('gap', 'incident.acknowledged', {});
    world.patch('gap', { state: 'acknowledged', owner: 'butt', version: 2 });
    const last = world.event('gap', 'note.added', { text: 'only this one arrives' });
    world.onCommit([last], []);
    await page.waitForSelector('.taken-rows #row-gap');
  });

  it('drops what a revoked session held, and says why', async () => {
    minuteOfThePictures(room.gateway);
    const page = await room.desk();
    room.gateway.revoke();
    await page.getByText('Your rights here ended; sign in again.').waitFor();
    expect(await page.locator('.row').count()).toBe(0);
  });
});

describe('an answer that does not come', () => {
  it('is said in words where it is missing, and the rest goes on', async () => {
    minuteOfThePictures(room.gateway);
    room.gateway.broken.set(/\/deliveries$/, 500);
    room.gateway.broken.set(/\/v1\/teams$/, 500);
    const page = await room.desk();
    await settled(page);
    await page.locator('#row-duress').click();
    await page.getByText(/Delivery proof did not load/).waitFor();
    await page.getByText(/The teams did not load/).waitFor();
    expect(await page.locator('.timeline .time-line').count()).toBeGreaterThan(5);
    room.gateway.broken.clear();
    await page.locator('.proof').getByRole('button', { name: 'Try again' }).click();
    await page.waitForSelector('.proof tbody tr');
    await page.locator('.teams').getByRole('button', { name: 'Try again' }).click();
    await until(async () => (await page.locator('.team').count()) === 9);
  });

  it('tells a wrong password from a silent server', async () => {
    const page = await room.page();
    await page.fill('input[autocomplete=username]', 'khan');
    await page.fill('input[type=password]', 'wrong');
    await page.press('input[type=password]', 'Enter');
    await page.getByText('Name or password is wrong').waitFor();
    room.gateway.cut();
    await page.fill('input[type=password]', 'tocsin');
    await page.press('input[type=password]', 'Enter');
    await page.getByText('The server does not answer. Is this desk on the network?').waitFor();
  });
});
