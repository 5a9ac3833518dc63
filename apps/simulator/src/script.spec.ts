import { join } from 'node:path';
import type { SiteView } from '@tocsin/contracts';
import { documentOf, readConfig } from '@tocsin/operations';
import { Random } from './random.js';
import { writeScript } from './script.js';

const read = readConfig(join(__dirname, '..', '..', '..', 'config', 'islamabad'));
if (!read.ok) throw new Error('the example has faults');
const sites = documentOf(read.files, null, (slug) => slug).sites.map((site) => ({
  timeZone: 'Asia/Karachi',
  location: null,
  ...site,
})) as SiteView[];

describe('chance', () => {
  it('is the same for the same seed, another for another, and even', () => {
    const draw = (seed: number) => {
      const random = new Random(seed);
      return Array.from({ length: 20_000 }, () => random.unit());
    };
    expect(draw(7)).toEqual(draw(7));
    expect(draw(7).slice(0, 5)).not.toEqual(draw(8).slice(0, 5));
    const drawn = draw(1);
    expect(Math.min(...drawn)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...drawn)).toBeLessThan(1);
    const mean = drawn.reduce((sum, one) => sum + one, 0) / drawn.length;
    expect(Math.abs(mean - 0.5)).toBeLessThan(0.01);
  });

  it('shuffles without loss', () => {
    const items = Array.from({ length: 50 }, (_, index) => index);
    const shuffled = new Random(3).shuffled(items);
    expect(shuffled).not.toEqual(items);
    expect(shuffled.sort((a, b) => a - b)).toEqual(items);
    expect(() => new Random(3).pick([])).toThrow(RangeError);
  });
});

describe('the script of a demo', () => {
  const plain = (seed: number, of = sites) =>
    JSON.stringify({ ...writeScript(seed, of), delays: [0, 1, 2].map(writeScript(seed, of).delayS) });

  it('is the same for the same seed, in whatever order the sites come', () => {
    expect(plain(4)).toBe(plain(4));
    expect(plain(4, [...sites].reverse())).toBe(plain(4));
    expect(plain(4)).not.toBe(plain(5));
  });

  it('keeps its threads on sites of their own, with zones that these have', () => {
    for (let seed = 0; seed < 50; seed += 1) {
      const { intrusion, ignored, fleeting, technical, call, lows } = writeScript(seed, sites);
      const alone = [intrusion, ignored, fleeting, technical, call].map(({ site }) => site);
      expect(new Set(alone).size).toBe(5);
      for (const { site, zone } of [intrusion, ignored, fleeting, technical, ...lows]) {
        expect(sites.find(({ id }) => id === site)?.zones.map(({ id }) => id)).toContain(zone);
      }
      expect(lows.filter(({ site }) => alone.includes(site))).toEqual([]);
      // Some sensors speak twice: a flood has repeats.
      expect(new Set(lows.map(({ key }) => key)).size).toBeLessThan(lows.length);
    }
  });

  it('asks for a unit that is large enough', () => {
    expect(() => writeScript(1, sites.slice(0, 4))).toThrow(/five sites/);
  });
});
