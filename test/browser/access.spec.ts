import AxeBuilder from '@axe-core/playwright';
import type { Page } from 'playwright-core';
import { Room, settled } from './desk.js';
import { flood, minuteOfThePictures } from './mock-scene.js';

const room = new Room();
beforeAll(() => room.open(), 120_000);
afterAll(() => room.close());
afterEach(() => room.leave());
jest.setTimeout(400_000);

async function serious(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).options({ resultTypes: ['violations'] }).analyze();
  return violations
    .filter((v) => v.impact === 'serious' || v.impact === 'critical')
    .map(
      (v) =>
        `${v.id}: ${v.nodes
          .map((n) => `${n.target.join(' ')} ${n.any[0]?.message ?? ''}`)
          .slice(0, 3)
          .join(' | ')}`,
    );
}
/** A key of the dictionaries that was shown instead of its words. */
const keysShown = (page: Page): Promise<string[]> =>
  page.evaluate(() =>
    (
      document.body.innerText.match(
        /\b(?:bar|count|queue|row|flood|group|empty|state|stale|act|word|why|outcome|panel|form|teams|sites|event|reason|head|facts|plan|proof|settings|help|signIn|legend|phone|push)\.[a-zA-Z][\w.-]*/g,
      ) ?? []
    ).slice(0, 5),
  );

const cases = (['dark', 'light'] as const).flatMap((theme) =>
  (['en', 'ur', 'zh'] as const).map((language) => [theme, language] as const),
);

describe.each(cases)('every screen in %s and %s', (theme, language) => {
  it('has no serious fault, no untranslated key and no letter from outside', async () => {
    const found: Record<string, string[]> = {};
    const look = async (name: string, page: Page): Promise<void> => {
      found[name] = [...(await serious(page)), ...(await keysShown(page))];
    };
    await look('sign-in', await room.page({ theme, language }));
    await look('empty', await room.desk({ theme, language }));
    minuteOfThePictures(room.gateway);
    const page = await room.desk({ theme, language });
    await settled(page);
    await page.locator('#row-duress').click();
    await page.waitForSelector('.proof tbody tr');
    await look('desk', page);
    await page.keyboard.press('KeyX');
    await page.locator('.health-button').last().click();
    await page.keyboard.press('Shift+Slash');
    await look('panels', page);
    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');
    await page.keyboard.press('KeyI');
    await page.locator('.form-grid select').first().selectOption({ index: 7 });
    await look('form', page);
    await look('phone', await room.desk({ theme, language, user: 'noor', width: 390, height: 844 }));
    await room.leave();
    flood(room.gateway, 200);
    const storm = await room.desk({ theme, language });
    await storm.waitForSelector('.group-row');
    await storm.locator('.group-row').first().click();
    await look('flood', storm);
    expect(found).toEqual({ 'sign-in': [], empty: [], desk: [], panels: [], form: [], phone: [], flood: [] });
    expect(room.strays).toEqual([]);
  });
});

describe('motion', () => {
  it('is of shapes alone, at most 3 Hz, and none for who asked for none', async () => {
    minuteOfThePictures(room.gateway);
    const moving = (page: Page) =>
      page.evaluate(() =>
        document.getAnimations().map((a) => {
          const effect = a.effect as KeyframeEffect;
          return [effect.target?.classList.contains('mark') ?? false, Number(effect.getTiming().duration)] as const;
        }),
      );
    const page = await room.desk();
    const all = await moving(page);
    expect(all.length).toBeGreaterThan(0);
    expect(all.every(([isMark, ms]) => isMark && ms >= 334)).toBe(true);
    expect(await moving(await room.desk({ reducedMotion: true }))).toEqual([]);
  });
});

describe('the normal state', () => {
  it.each(['dark', 'light'] as const)('shows no saturated colour in %s', async (theme) => {
    const page = await room.desk({ theme });
    await page.getByText('No open alarms.').first().waitFor();
    const png = (await page.screenshot()).toString('base64');
    const loud = await page.evaluate(async (data) => {
      const image = new Image();
      image.src = `data:image/png;base64,${data}`;
      await image.decode();
      const canvas = new OffscreenCanvas(image.width, image.height);
      const context = canvas.getContext('2d');
      context?.drawImage(image, 0, 0);
      const pixels = context?.getImageData(0, 0, image.width, image.height).data ?? new Uint8ClampedArray();
      let n = 0;
      for (let at = 0; at < pixels.length; at += 4) {
        const rgb = [pixels[at] ?? 0, pixels[at + 1] ?? 0, pixels[at + 2] ?? 0];
        if (Math.max(...rgb) - Math.min(...rgb) > 60) n += 1;
      }
      return n;
    }, png);
    expect(loud).toBe(0);
  });
});

describe('a screen reader', () => {
  it('hears a new S1 once, and several in one breath as one sentence', async () => {
    const page = await room.desk();
    await page.evaluate(() => {
      const said: string[] = [];
      Object.assign(window, { said });
      const region = document.querySelector('[data-said]');
      if (region)
        new MutationObserver(() => said.push(region.textContent ?? '')).observe(region, {
          childList: true,
          characterData: true,
          subtree: true,
        });
    });
    const { world } = room.gateway;
    world.raise({ id: 'one', severity: 'critical', title: 'Panic button', site: 'site-02', zone: 'guard-post' });
    await page.waitForFunction(() => document.querySelector('[data-said]')?.textContent?.includes('Panic button'));
    world.commit([world.event('one', 'alert.duplicate', { count: 2 })]);
    const more = ['two', 'three'].map((id) => world.raise({ id, severity: 'critical' }, true));
    world.commit(more.flatMap((i) => world.logs.get(i.id) ?? []));
    await page.waitForFunction(() =>
      document.querySelector('[data-said]')?.textContent?.includes('2 new critical alarms'),
    );
    expect(await page.evaluate(() => (window as unknown as { said: string[] }).said)).toEqual([
      'New critical alarm: Panic button, 02 Residence East Guard post',
      '2 new critical alarms',
    ]);
  });
});
