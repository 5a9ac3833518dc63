import type { Page } from 'playwright-core';
import { Room, settled } from './desk.js';
import { flood, minuteOfThePictures } from './mock-scene.js';

const room = new Room();
beforeAll(() => room.open(), 120_000);
afterAll(() => room.close());
afterEach(() => room.leave());
jest.setTimeout(120_000);

const open = async (page: Page): Promise<void> => {
  await settled(page);
  await page.locator('#row-duress').click();
  await page.waitForSelector('.proof tbody tr');
};
const left = (page: Page, selector: string): Promise<number> =>
  page
    .locator(selector)
    .first()
    .evaluate((el) => el.getBoundingClientRect().left);

describe('Urdu', () => {
  it('mirrors the desk, keeps codes, times and the clock ruler left to right, and clips no Nastaliq', async () => {
    minuteOfThePictures(room.gateway);
    const { world } = room.gateway;
    world.event('duress', 'note.added', { text: 'گاڑی کھائی میں گری ہے، ایک آدمی اندر پھنسا ہے۔ سڑک کھلی ہے۔' });
    const page = await room.desk({ language: 'ur' });
    await open(page);
    expect(await page.evaluate(() => [document.documentElement.dir, document.documentElement.lang])).toEqual([
      'rtl',
      'ur',
    ]);
    expect(await left(page, '.queue')).toBeGreaterThan(await left(page, '.middle'));
    expect(await left(page, '.middle')).toBeGreaterThan(await left(page, '.side'));
    expect(await left(page, '.ruler li:first-child')).toBeLessThan(await left(page, '.ruler li:last-child'));
    const loose = await page.evaluate(() => {
      const found: string[] = [];
      for (const el of document.querySelectorAll('.age, .number, .key, .tally-n, .clocks bdi'))
        if (getComputedStyle(el).direction !== 'ltr') found.push(el.className);
      return found;
    });
    expect(loose).toEqual([]);
    const clipped = await page
      .locator('.reading')
      .evaluateAll(
        (all) =>
          all.filter((el) => el.scrollHeight > el.clientHeight + 1 && getComputedStyle(el).display !== 'inline').length,
      );
    expect(clipped).toBe(0);
    const fonts = await page.evaluate(async () => {
      await document.fonts.ready;
      return [...document.fonts].filter((f) => f.status === 'loaded').map((f) => f.family.replace(/["']/g, ''));
    });
    expect(fonts).toEqual(expect.arrayContaining(['Noto Naskh Arabic', 'Noto Nastaliq Urdu', 'IBM Plex Sans']));
    expect(room.strays).toEqual([]);
  });

  it('lines up who did what at one edge, whatever the script of the name', async () => {
    minuteOfThePictures(room.gateway);
    const page = await room.desk({ language: 'ur' });
    await page.keyboard.press('j');
    await page.waitForSelector('.time-line bdi.clip');
    const edges = await page.locator('.time-line > bdi.clip').evaluateAll((names) =>
      names.map((name) => {
        const text = document.createRange();
        text.selectNodeContents(name);
        return Math.round(text.getBoundingClientRect().right);
      }),
    );
    const actors = await page.locator('.time-line > bdi.clip').allInnerTexts();
    expect(
      actors.some((actor) => /^[a-z]/.test(actor)) && actors.some((actor) => /^\p{Script=Arabic}/u.test(actor)),
    ).toBe(true);
    expect(new Set(edges).size).toBe(1);
  });
});

describe('Chinese', () => {
  it('has every glyph from its own files', async () => {
    minuteOfThePictures(room.gateway);
    const page = await room.desk({ language: 'zh', theme: 'light' });
    await open(page);
    const missing = await page.evaluate(async () => {
      await document.fonts.ready;
      const han = [...new Set(document.body.innerText.match(/\p{Script=Han}/gu) ?? [])];
      await Promise.all([400, 500, 700].map((w) => document.fonts.load(`${w} 16px "Noto Sans SC"`, han.join(''))));
      return han.filter((c) => !document.fonts.check('16px "Noto Sans SC"', c));
    });
    expect(missing).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.lang)).toBe('zh-Hans');
    expect(room.strays).toEqual([]);
  });
});

describe('the language', () => {
  it('is switched on the desk without a reload, with everything kept', async () => {
    minuteOfThePictures(room.gateway);
    const page = await room.desk();
    await open(page);
    await page.locator('#note-field').fill('kept');
    await page.evaluate(() => Object.assign(window, { sameDocument: true }));
    await page.locator('.health-button').last().click();
    await page.getByRole('button', { name: '中文' }).click();
    await page.getByText('警报队列').waitFor();
    await page.getByRole('button', { name: 'اردو' }).click();
    await page.getByText('نہیں لیے گئے').first().waitFor();
    expect(await page.evaluate(() => (window as unknown as { sameDocument: boolean }).sameDocument)).toBe(true);
    expect(await page.inputValue('#note-field')).toBe('kept');
    expect(await page.locator('.row.selected').getAttribute('id')).toBe('row-duress');
  });

  it('renders a reason by code and values, and by its English text when nobody knows the code', async () => {
    const { world } = room.gateway;
    world.raise({ id: 'x', severity: 'critical' }, true);
    world.event(
      'x',
      'escalation.step',
      { step: 2 },
      { why: { code: 'step-repeat', params: { step: 2, policy: 'p' }, text: 'Still nobody' } },
    );
    world.event(
      'x',
      'incident.realerted',
      {},
      { why: { code: 'of-tomorrow', params: {}, text: 'A reason of tomorrow.' } },
    );
    const page = await room.desk({ language: 'zh' });
    await page.locator('.paged').getByText('仍无人：策略 p 第 2 级再呼一次。').waitFor();
    await page.locator('.paged').getByText('A reason of tomorrow.').waitFor();
  });
});

describe('a small screen', () => {
  it.each(['en', 'ur', 'zh'] as const)('in %s holds its bars: no desk is wider than the screen', async (language) => {
    for (const scene of [minuteOfThePictures, flood]) {
      scene(room.gateway);
      const page = await room.desk({ language, width: 1366, height: 768 });
      await settled(page);
      const outside = await page.locator('#app *:visible').evaluateAll((all) =>
        all.flatMap((el) => {
          const { left, right } = el.getBoundingClientRect();
          return left < -1 || right > innerWidth + 1 ? [`${el.className}: ${el.textContent}`] : [];
        }),
      );
      expect(outside).toEqual([]);
      const verbs = await page
        .locator('.rail > .verb')
        .evaluateAll((all) => all.map((el) => el.getBoundingClientRect().top));
      expect(new Set(verbs).size).toBe(1);
      await room.leave();
    }
  });

  it.each([
    [1366, 768],
    [960, 540],
  ])('of %i x %i loses no function: everything is a tab or a scroll away', async (width, height) => {
    minuteOfThePictures(room.gateway);
    const page = await room.desk({ width, height });
    await settled(page);
    await page.locator('#row-duress').click();
    for (const [key, selector] of [
      ['KeyT', '.team'],
      ['KeyT', '.incident-head'],
      ['KeyM', '.sites tbody tr'],
      ['KeyM', '.proof tbody tr'],
      ['KeyL', '.time-line'],
      ['KeyL', '#note-field'],
      ['KeyI', '.raise-form'],
    ] as const) {
      await page.keyboard.press(key);
      await page.waitForSelector(selector);
    }
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'More' }).click();
    const names = await page.locator('.rail .verb').allInnerTexts();
    for (const verb of ['Stand down', 'Release', 'Transfer', 'Regrade', 'Radio said', 'Escalate', 'Resolve'])
      expect(names.join('|')).toContain(verb);
    const outside = await page.locator('.verb:visible, .tab:visible, .fold:visible').evaluateAll((all) =>
      all.flatMap((el) => {
        const box = el.getBoundingClientRect();
        return box.right > innerWidth + 1 || box.height < 24 ? [el.textContent] : [];
      }),
    );
    expect(outside).toEqual([]);
  });
});
