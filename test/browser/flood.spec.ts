import { Room } from './desk.js';
import { flood } from './mock-scene.js';

const room = new Room();
beforeAll(() => room.open(), 120_000);
afterAll(() => room.close());
afterEach(() => room.leave());
jest.setTimeout(180_000);

// A figure of time is tried again where the machine was busy with something else.
jest.retryTimes(2, { logErrorsBeforeRetry: true });

describe('1,000 alarms', () => {
  it('show every S1 without scrolling, the truth about the rest, and few rows in the document', async () => {
    flood(room.gateway);
    const page = await room.desk();
    await page.waitForSelector('.lane-rows .row');
    const lane = page.locator('.lane-rows .row');
    expect(await lane.count()).toBe(7);
    for (let n = 0; n < 7; n += 1) {
      const box = await lane.nth(n).boundingBox();
      expect(box && box.y > 0 && box.y + box.height < 1080).toBe(true);
    }
    expect(await page.locator('.row, .group-row').count()).toBeLessThanOrEqual(80);
    const head = await page.locator('.flood-head').innerText();
    const [, shown, of] = /showing (\d+) of ([\d,]+)/.exec(head) ?? [];
    expect(of).toBe('1,003');
    const whole = await page.locator('.lane-rows .row, .group-row').evaluateAll(
      (rows) =>
        rows.filter((r) => {
          const box = r.getBoundingClientRect();
          const list = r.closest('.rows')?.getBoundingClientRect();
          return list && box.top >= list.top - 12 && box.bottom <= list.bottom + 6;
        }).length,
    );
    expect(Number(shown)).toBe(whole);
  });

  it('take a whole group by one press that names how many, and leave every S1 alone', async () => {
    flood(room.gateway, 60);
    const page = await room.desk();
    await page.waitForSelector('.group-row');
    await page.locator('.group-row').first().click();
    const verb = page.getByRole('button', { name: /^Take \d+ in this group, no S1/ });
    const n = Number(/Take (\d+)/.exec(await verb.innerText())?.[1]);
    await page.keyboard.press('Enter');
    await page.waitForFunction(
      (mine) => [...document.querySelectorAll('.figure')].some((f) => f.textContent === `mine${mine}`),
      n,
    );
    const taken = room.gateway.pressed.map((p) => room.gateway.world.incidents.get(p.id));
    expect(taken).toHaveLength(n);
    expect(taken.some((i) => i?.severity === 'critical')).toBe(false);
  });

  it('leave the keyboard quick while they arrive', async () => {
    const page = await room.desk();
    const { world } = room.gateway;
    for (let n = 0; n < 7; n += 1) world.raise({ id: `s${n}`, severity: 'critical', site: `site-0${n + 1}` });
    await page.waitForSelector('#row-s6');
    await page.evaluate(() => {
      const took: number[] = [];
      Object.assign(window, { took });
      document.addEventListener('keydown', (e) => {
        const from = e.timeStamp;
        requestAnimationFrame(() => setTimeout(() => took.push(performance.now() - from), 0));
      });
    });
    // 1,000 in 10 s: a frame of ten every 100 ms, from the gateway's own timer, while J and K are pressed.
    let sent = 0;
    const feed = setInterval(() => {
      const events = Array.from({ length: 10 }, () =>
        world.raise({ severity: sent++ % 3 ? 'low' : 'medium', site: `site-0${(sent % 9) + 1}` }, true),
      ).flatMap((i) => world.logs.get(i.id) ?? []);
      world.commit(events);
      if (sent >= 1_000) clearInterval(feed);
    }, 100);
    const isOver = (): boolean => sent >= 1_000;
    for (let n = 0; !isOver(); n += 1) await page.keyboard.press(n % 4 < 2 ? 'KeyJ' : 'KeyK', { delay: 30 });
    const took = await page.evaluate(() => (window as unknown as { took: number[] }).took.sort((a, b) => a - b));
    expect(took.length).toBeGreaterThan(30);
    const p95 = took[Math.floor(took.length * 0.95)] ?? Infinity;
    process.stderr.write(`p95 ${p95.toFixed(0)} ms (goal 100)\n`);
    // The goal holds on a machine of its own; a figure of time alone never decides a test.
    expect(p95).toBeLessThanOrEqual(300);
  });
});
