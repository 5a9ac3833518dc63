import { until } from '@tocsin/testing';
import type { Page } from 'playwright-core';
import { Room, settled } from './desk.js';
import { minuteOfThePictures } from './mock-scene.js';

const room = new Room();
beforeAll(() => room.open(), 120_000);
afterAll(() => room.close());
afterEach(() => room.leave());
jest.setTimeout(120_000);

const acts = (): string[] => room.gateway.pressed.map((p) => p.act);
/** The focus is drawn (3 px or the inner bar of a list) and nothing lies over it. */
const focusIsSeen = (page: Page): Promise<boolean> =>
  page.evaluate(() => {
    const el = document.activeElement;
    if (!el || el === document.body) return false;
    const box = el.getBoundingClientRect();
    const style = getComputedStyle(el);
    const on = document.elementFromPoint(box.left + box.width / 2, box.top + Math.min(box.height / 2, 12));
    return (
      (Number.parseFloat(style.outlineWidth) >= 3 || style.boxShadow !== 'none') &&
      on !== null &&
      (el.contains(on) || on.contains(el))
    );
  });

describe('the keyboard alone', () => {
  it('leads an S1 from sign-in to closed, with the focus in sight', async () => {
    const page = await room.page();
    await page.waitForFunction(() => document.activeElement?.tagName === 'INPUT');
    await page.keyboard.type('khan');
    expect(await focusIsSeen(page)).toBe(true);
    await page.keyboard.press('Tab');
    await page.keyboard.type('tocsin');
    await page.keyboard.press('Enter');
    await page.waitForSelector('.no-alarms');
    room.gateway.world.raise({ id: 's1', severity: 'critical', category: 'panic', title: 'Panic button' });
    await page.waitForSelector('#row-s1');
    await settled(page);
    await page.keyboard.press('Enter');
    await page.waitForSelector('.mine-rows #row-s1');
    await page.keyboard.press('KeyD');
    await page.waitForSelector('.proof tbody tr');
    await page.keyboard.press('KeyN');
    expect(await focusIsSeen(page)).toBe(true);
    await page.keyboard.type('two guards at the gate');
    await page.keyboard.press('Enter');
    await page.getByText('two guards at the gate').waitFor();
    await page.keyboard.press('Escape');
    await page.keyboard.press('KeyX');
    await page.waitForSelector('.act-panel');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Shift+Tab');
    expect(await focusIsSeen(page)).toBe(true);
    await page.keyboard.press('Enter');
    await page.getByText(/resolved \d\d:\d\d:\d\d/).waitFor();
    await page.keyboard.press('KeyX');
    await until(() => acts().join() === 'take,dispatch,note,resolve,close', { timeoutMs: 15_000, what: acts().join() });
    expect(room.gateway.world.incidents.get('s1')).toMatchObject({ state: 'closed', disposition: 'true' });
  });

  it('reaches every control of the desk by Tab, each in sight', async () => {
    minuteOfThePictures(room.gateway);
    const page = await room.desk();
    await settled(page);
    await page.locator('#row-duress').click();
    await page.waitForSelector('.proof tbody tr');
    const unseen: string[] = [];
    for (let n = 0; n < 40; n += 1) {
      await page.keyboard.press('Tab');
      const name = await page.evaluate(() =>
        document.activeElement === document.body ? null : document.activeElement?.outerHTML.slice(0, 90),
      );
      if (name === null) break;
      if (!(await focusIsSeen(page))) unseen.push(String(name));
    }
    expect(unseen).toEqual([]);
  });

  it('goes by the place of the key: Urdu and Pinyin layouts work, composing and typing are left alone', async () => {
    room.gateway.world.raise({ id: 'a', severity: 'critical' }, true);
    room.gateway.world.raise({ id: 'b', severity: 'high' }, true);
    const page = await room.desk();
    await settled(page);
    const press = (init: { code: string; key: string; isComposing?: boolean }): Promise<boolean> =>
      page.evaluate(
        (i) => document.body.dispatchEvent(new KeyboardEvent('keydown', { bubbles: true, cancelable: true, ...i })),
        init,
      );
    await press({ code: 'KeyJ', key: 'ج' });
    await page.waitForSelector('#row-b.selected');
    await press({ code: 'KeyK', key: 'ㄎ', isComposing: true });
    await press({ code: 'KeyK', key: 'Process', isComposing: true });
    expect(await page.locator('#row-b.selected').count()).toBe(1);
    await press({ code: 'KeyK', key: 'k' });
    await page.waitForSelector('#row-a.selected');
    await page.keyboard.press('KeyN');
    await page.keyboard.type('adxz');
    expect(await page.inputValue('#note-field')).toBe('adxz');
    expect(acts()).toEqual([]);
  });

  it('can be turned off, and F2 stays', async () => {
    room.gateway.world.raise({ id: 'a', severity: 'low' }, true);
    const page = await room.desk();
    await settled(page);
    await page.locator('.health-button').last().click();
    await page.getByRole('button', { name: /Keys on/ }).click();
    await page.keyboard.press('Escape');
    await page.keyboard.press('KeyA');
    await page.keyboard.press('KeyI');
    expect(await page.locator('.raise-form').count()).toBe(0);
    room.gateway.world.raise({ id: 's1', severity: 'critical' });
    await page.waitForSelector('.bottom-bar.inverse');
    await settled(page);
    await page.keyboard.press('F2');
    await until(() => acts().join() === 'take', { timeoutMs: 15_000 });
  });

  it('prints every key that works', async () => {
    minuteOfThePictures(room.gateway);
    const page = await room.desk();
    await page.keyboard.press('Shift+Slash');
    const caps = await page.locator('.help dt').allInnerTexts();
    expect(caps).toEqual([
      'Enter',
      'D',
      'F2',
      'G',
      'J',
      'K',
      'A',
      'E',
      'N',
      'Z',
      '⇧Z',
      'X',
      'S',
      'I',
      'T',
      'M',
      'L',
      'Esc',
      '?',
    ]);
  });
});

describe('an incident by hand', () => {
  it('says what is missing without blocking, points at what it looks like, and stands at once', async () => {
    minuteOfThePictures(room.gateway, false);
    const page = await room.desk();
    await settled(page);
    await page.keyboard.press('KeyI');
    await page.locator('.raise-form .verb.primary').click();
    await page.getByText('Choose the site.').waitFor();
    await page.locator('.form-grid select').first().selectOption('site-07');
    await page.locator('.form-grid select').nth(2).selectOption('medical');
    await page.getByText('Looks like one already open').waitFor();
    await page.getByText('Raising pages at once').waitFor();
    expect(await page.locator('.segment.on').innerText()).toContain('critical');
    await page.locator('.form-grid input[maxlength="512"]').fill('Person trapped under a vehicle');
    expect(await page.locator('.queue .row').count()).toBeGreaterThan(5);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: /Person trapped under a vehicle/ }).waitFor();
    const raised = [...room.gateway.world.incidents.values()].at(-1);
    expect(raised).toMatchObject({ class: 'manual', site: 'site-07', category: 'medical', severity: 'critical' });
  });

  it('keeps its draft while an S1 is taken', async () => {
    const page = await room.desk();
    await page.keyboard.press('KeyI');
    await page.locator('.form-grid input[maxlength="512"]').fill('half a sentence');
    room.gateway.world.raise({ id: 's1', severity: 'critical' });
    await page.waitForSelector('.bottom-bar.inverse');
    await settled(page);
    await page.keyboard.press('F2');
    await page.waitForSelector('.mine-rows #row-s1');
    await page.keyboard.press('KeyI');
    expect(await page.locator('.form-grid input[maxlength="512"]').inputValue()).toBe('half a sentence');
  });
});
