import { until } from '@tocsin/testing';
import type { Page } from 'playwright-core';
import { Room, settled, texts } from './desk.js';
import { flood, minuteOfThePictures } from './mock-scene.js';

const room = new Room();
beforeAll(() => room.open(), 120_000);
afterAll(() => room.close());
afterEach(() => room.leave());
jest.setTimeout(120_000);

const critical = (id: string) =>
  room.gateway.world.raise({ id, severity: 'critical', category: 'panic', title: 'Panic button' });
const acts = (): string[] => room.gateway.pressed.map((p) => p.act);

describe('the queue', () => {
  it('stands untaken first, then by severity, then by age, and shows shape, number and word of each', async () => {
    minuteOfThePictures(room.gateway);
    const page = await room.desk();
    expect(await texts(page, '.band-rows .row-what .name > bdi')).toEqual([
      'Panic button',
      'Vehicle at closed barrier',
      'Motion, fence',
      'Door held open',
      'Low battery, sensor',
    ]);
    expect(await texts(page, '.mine-rows .row-what .name > bdi')).toEqual(['Duress button', 'Perimeter + camera']);
    const marks = await page
      .locator('.band-rows .row')
      .evaluateAll((rows) =>
        rows.map((r) => [
          r.querySelector('.mark path')?.getAttribute('d')?.length ?? 0,
          r.querySelector('.mark text')?.textContent,
          r.querySelector('.row-age .second')?.textContent,
        ]),
      );
    expect(marks.every(([shape, digit, word]) => Number(shape) > 10 && digit && word)).toBe(true);
    expect(await page.locator('.band-rows .mark.dotted').count()).toBe(1);
    expect(await page.locator('.mine-rows .mark.outlined').count()).toBe(2);
  });

  it('tells the five classes apart without colour: another shape and another sign each', async () => {
    const page = await room.desk();
    const signs = await page
      .locator('.tally')
      .evaluateAll((all) =>
        all.map(
          (t) =>
            `${[...t.querySelectorAll('path')].at(-1)?.getAttribute('d')} ${t.querySelector('text')?.textContent ?? 'x'}`,
        ),
      );
    expect(new Set(signs).size).toBe(5);
  });

  it('takes and dispatches the hot row with exactly Enter, D, and opens no dialog for it', async () => {
    const page = await room.desk();
    critical('hot');
    await page.waitForSelector('#row-hot');
    await settled(page);
    await page.keyboard.press('Enter');
    await page.keyboard.press('KeyD');
    await until(() => acts().join() === 'take,dispatch', { timeoutMs: 15_000 });
    await page.waitForSelector('.mine-rows #row-hot');
    const { number } = room.gateway.world.incidents.get('hot') ?? { number: '' };
    await page.locator('.team.committed').getByText(number).waitFor();
    expect(await page.locator('[role=dialog], [role=alertdialog], dialog').count()).toBe(0);
  });

  it('refuses to take what came 100 ms before the key, in words', async () => {
    const page = await room.desk();
    // The key's own time is 100 ms after the row came into the document, however busy the machine is.
    await page.evaluate(() => {
      const watch = new MutationObserver(() => {
        if (!document.getElementById('row-fresh')) return;
        watch.disconnect();
        const key = new KeyboardEvent('keydown', { code: 'Enter', key: 'Enter', bubbles: true });
        Object.defineProperty(key, 'timeStamp', { value: performance.now() + 100 });
        document.body.dispatchEvent(key);
      });
      watch.observe(document.body, { childList: true, subtree: true });
    });
    const told = page.waitForSelector('#row-fresh .too-new');
    critical('fresh');
    await told;
    expect(acts()).toEqual([]);
    expect(room.gateway.world.incidents.get('fresh')?.state).toBe('open');
    await settled(page);
    await page.keyboard.press('Enter');
    await until(() => acts().join() === 'take', { timeoutMs: 15_000 });
  });

  it('cuts no row at the edge of a list, with the bar of a new S1 and without, in calm and in a flood', async () => {
    const rest = (desk: Page): Promise<number> =>
      desk
        .locator('.rows-room > .rows')
        .evaluate(
          (list) => list.clientHeight % (list.querySelector('[role=option]')?.getBoundingClientRect().height ?? 0),
        );
    minuteOfThePictures(room.gateway);
    const page = await room.desk();
    await page.waitForSelector('.taken-rows .row');
    expect(await rest(page)).toBe(0);
    await page.keyboard.press('j');
    await page.waitForSelector('.bottom-bar');
    expect(await rest(page)).toBe(0);
    await room.leave();
    flood(room.gateway);
    const flooded = await room.desk();
    await flooded.waitForSelector('.group-row');
    expect(await rest(flooded)).toBe(0);
  });

  it('keeps the chosen row where it is on the screen while 50 arrive', async () => {
    minuteOfThePictures(room.gateway);
    const page = await room.desk();
    await settled(page);
    const chosen = page.locator('.band-rows .row').nth(2);
    const id = await chosen.getAttribute('id');
    await chosen.click();
    await page.evaluate((rowId) => {
      const seen = new Set<number>();
      Object.assign(window, { seen });
      const look = (): void => {
        seen.add(Math.round(document.getElementById(rowId ?? '')?.getBoundingClientRect().top ?? -1));
        requestAnimationFrame(look);
      };
      look();
    }, id);
    for (let n = 0; n < 50; n += 1)
      room.gateway.world.raise({ id: `new${n}`, severity: n % 2 ? 'critical' : 'low', site: `site-0${(n % 9) + 1}` });
    await page.waitForFunction(() => document.querySelector('.tally-n')?.textContent === '27');
    await page.waitForSelector('.flood-head');
    expect(await page.evaluate(() => (window as unknown as { seen: Set<number> }).seen.size)).toBe(1);
    expect(await page.locator('.row.selected').getAttribute('id')).toBe(id);
  });

  it('keeps what is open open through 20 updates', async () => {
    minuteOfThePictures(room.gateway);
    const page = await room.desk();
    await settled(page);
    await page.locator('#row-duress').click();
    await page.getByRole('button', { name: 'More' }).click();
    await page.getByRole('button', { name: 'Regrade' }).click();
    for (let n = 0; n < 20; n += 1) {
      const { world } = room.gateway;
      world.commit([world.event('duress', 'alert.duplicate', { count: n })]);
      world.raise({ id: `x${n}`, severity: 'low' });
    }
    await page.waitForFunction(() => document.querySelectorAll('.tally-n')[3]?.textContent === '42');
    expect(await page.locator('.act-panel').isVisible()).toBe(true);
    expect(await page.locator('.rail.more').isVisible()).toBe(true);
  });

  it('says which desk won when two take the same alarm', async () => {
    const [mine, theirs] = [await room.desk({ user: 'khan' }), await room.desk({ user: 'butt' })];
    room.gateway.actDelayMs = 200;
    critical('both');
    await Promise.all([mine, theirs].map((p) => p.waitForSelector('#row-both').then(() => settled(p))));
    await Promise.all([mine.keyboard.press('Enter'), theirs.keyboard.press('Enter')]);
    const told = Promise.any([mine, theirs].map((p) => p.waitForSelector('.outcome').then((e) => e.innerText())));
    const from = performance.now();
    expect(await told).toMatch(/^Taken by (A\.Khan|H\.Butt)/);
    expect(performance.now() - from).toBeLessThan(2_000);
    const owner = room.gateway.world.incidents.get('both')?.owner;
    const winner = owner === 'khan' ? mine : theirs;
    await winner.waitForSelector('.mine-rows #row-both');
    expect(await winner.locator('.outcome').count()).toBe(0);
  });

  it('opens the incident that a page or a mail links to', async () => {
    minuteOfThePictures(room.gateway);
    const page = await room.desk();
    const third = [...room.gateway.world.incidents.values()].find((i) => i.title === 'Gas detector fault');
    await page.goto(`${room.url}/?incident=${third?.id}`);
    await page.getByRole('heading', { name: /Gas detector fault/ }).waitFor();
    expect(new URL(page.url()).search).toBe('');
  });

  it('silences without touching the alarm', async () => {
    const page = await room.desk();
    critical('loud');
    await page.waitForSelector('#row-loud.untaken');
    await page.keyboard.press('KeyS');
    await page.getByText(/Audio silent/).waitFor();
    expect(acts()).toEqual([]);
    expect(await page.locator('#row-loud.untaken').count()).toBe(1);
  });

  it('takes a new S1 by F2 while a note is typed, and keeps the note', async () => {
    minuteOfThePictures(room.gateway, false);
    const page = await room.desk();
    await settled(page);
    await page.locator('#row-duress').click();
    await page.keyboard.press('KeyN');
    await page.keyboard.type('gate is shut and');
    critical('second');
    await page.waitForSelector('.bottom-bar.inverse');
    await settled(page);
    await page.keyboard.press('F2');
    await page.waitForSelector('.mine-rows #row-second');
    expect(acts()).toEqual(['take']);
    await page.locator('#row-duress').click();
    expect(await page.inputValue('#note-field')).toBe('gate is shut and');
  });

  it('calls back within 10 s with Z, and the crew is told', async () => {
    const page = await room.desk();
    critical('oops');
    await page.waitForSelector('#row-oops');
    await settled(page);
    await page.keyboard.press('Enter');
    await page.keyboard.press('KeyD');
    await page.waitForSelector('.verb.undo');
    await page.getByRole('button', { name: /^Recall/ }).waitFor();
    await page.keyboard.press('KeyZ');
    await until(() => acts().join() === 'take,dispatch,recall', { timeoutMs: 15_000 });
    const states = room.gateway.world.incidents.get('oops')?.assignments?.map((a) => a.state);
    expect(new Set(states)).toEqual(new Set(['recalled']));
  });
});

describe('speed', () => {
  // A figure of time is tried again where the machine was busy with something else.
  jest.retryTimes(2, { logErrorsBeforeRetry: true });

  interface Marks {
    painted(id: string): void;
  }
  const watchMarks = async (page: Page, hear: Marks): Promise<void> => {
    await page.exposeFunction('heard', (id: string, at: number) => {
      seen.set(id, at);
      hear.painted(id);
    });
    await page.evaluate(() => {
      new PerformanceObserver((list) => {
        for (const mark of list.getEntriesByName('tocsin.painted'))
          void (window as unknown as { heard: (id: string, at: number) => void }).heard(
            String((mark as PerformanceMark).detail),
            performance.timeOrigin + mark.startTime,
          );
      }).observe({ type: 'mark' });
    });
  };
  const seen = new Map<string, number>();

  it('paints an S1 within 300 ms in 95 of 100 cases, over 200', async () => {
    const page = await room.desk();
    await watchMarks(page, { painted: () => undefined });
    const took: number[] = [];
    for (let n = 0; n < 200; n += 1) {
      const id = `p${n}`;
      const sent = performance.timeOrigin + performance.now();
      critical(id);
      took.push((await until(() => seen.get(id), { everyMs: 2, timeoutMs: 15_000 })) - sent);
      const { world } = room.gateway;
      world.patch(id, { state: 'closed', closedAt: world.at() });
      world.commit([world.event(id, 'incident.closed', {})]);
      await page.waitForSelector(`#row-${id}`, { state: 'detached' });
    }
    took.sort((a, b) => a - b);
    const p95 = took[Math.floor(took.length * 0.95)] ?? Infinity;
    process.stderr.write(`p95 ${p95.toFixed(0)} ms (goal 300)\n`);
    // The goal holds on a machine of its own; a figure of time alone never decides a test.
    expect(p95).toBeLessThanOrEqual(900);
  });

  it('sounds an S1 within 150 ms of its paint', async () => {
    const page = await room.desk();
    await page.getByText('Audio armed').waitFor();
    critical('heard');
    await page.waitForSelector('#row-heard');
    const marks = await page
      .waitForFunction(() => {
        const [painted] = performance.getEntriesByName('tocsin.painted');
        const [sound] = performance.getEntriesByName('tocsin.sound');
        return painted && sound ? [painted.startTime, sound.startTime] : null;
      })
      .then((handle) => handle.jsonValue() as Promise<[number, number]>);
    expect(marks[1] - marks[0]).toBeLessThanOrEqual(150);
  });
});
