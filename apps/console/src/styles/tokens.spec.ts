import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const css = readFileSync(join(__dirname, 'tokens.css'), 'utf8');
type Tokens = Record<string, string>;

/** The custom properties that hold for a selector, in the order of the file. */
function tokensOf(selector: string): Tokens {
  const out: Tokens = {};
  for (const [, heads = '', body = ''] of css.replace(/\/\*[\s\S]*?\*\//g, '').matchAll(/([^{}]+)\{([^{}]*)\}/g)) {
    if (!heads.split(',').some((head) => head.trim() === selector)) continue;
    for (const [, name = '', value = ''] of body.matchAll(/--([\w-]+):\s*([^;]+);/g)) out[name] = value.trim();
  }
  return out;
}
const themes = {
  dark: tokensOf("[data-theme='dark']"),
  light: tokensOf("[data-theme='light']"),
};
/** On an inverse bar the other theme's marks are used. */
const onBar = { dark: tokensOf("[data-theme='dark'] .inverse"), light: tokensOf("[data-theme='light'] .inverse") };

function luminance(hex: string): number {
  const full = hex.length === 4 ? hex.replace(/[0-9a-f]/gi, '$&$&') : hex;
  const part = [1, 3, 5].map((at) => {
    const c = Number.parseInt(full.slice(at, at + 2), 16) / 255;
    return c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * (part[0] ?? 0) + 0.7152 * (part[1] ?? 0) + 0.0722 * (part[2] ?? 0);
}
function ratio(a = '', b = ''): number {
  const [high = 0, low = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (high + 0.05) / (low + 0.05);
}

describe.each(['dark', 'light'] as const)('contrast in %s (WCAG 2)', (name) => {
  const t = themes[name];

  it.each(['pane', 'selected', 'raised', 'hover', 'field'])('body text is at least 7:1 on %s', (surface) => {
    expect(ratio(t['t1'], t[surface])).toBeGreaterThanOrEqual(7);
    expect(ratio(t['t2'], t[surface])).toBeGreaterThanOrEqual(6.5);
  });

  it.each(['pane', 'selected', 'raised', 'hover'])('labels are at least 4.5:1 on %s', (surface) => {
    expect(ratio(t['t3'], t[surface])).toBeGreaterThanOrEqual(4.5);
  });

  it('strips, heads and inverse say what they say', () => {
    for (const [text, ground] of [
      ['health-text', 'ground'],
      ['head-text', 'head-ground'],
      ['head-quiet', 'head-ground'],
      ['inverse-text', 'inverse'],
      ['stale-text', 'stale'],
    ] as const)
      expect([text, ratio(t[text], t[ground]) >= 4.5]).toEqual([text, true]);
    expect(ratio(t['control'], t['pane'])).toBeGreaterThanOrEqual(3);
  });

  it.each(['s1', 's2', 's3', 's4', 'sys'])(
    'the shape of %s, or its edge, is at least 3:1, and its digit 4.5:1',
    (mark) => {
      const digit = { s1: 'digit-s1', sys: 'digit-sys' }[mark] ?? 'digit';
      const seen = (set: Tokens, ground: string): number =>
        Math.max(ratio(set[mark], ground), set['edge']?.startsWith('#') ? ratio(set['edge'], ground) : 0);
      expect(seen(t, t['pane'] ?? '')).toBeGreaterThanOrEqual(3);
      expect(seen(onBar[name], t['inverse'] ?? '')).toBeGreaterThanOrEqual(3);
      expect(ratio(t[digit], t[mark])).toBeGreaterThanOrEqual(4.5);
    },
  );
});

describe('the style sheets', () => {
  const files = readdirSync(__dirname).filter((name) => name.endsWith('.css'));

  it('mirror by themselves: no left, right or physical sides', () => {
    const physical =
      /(?:^|[\s;{])((?:margin|padding|border)-(?:left|right|top|bottom)|(?:left|right|top|bottom|width|height|min-width|max-height))\s*:/;
    const found = files.flatMap((name) =>
      readFileSync(join(__dirname, name), 'utf8')
        .split('\n')
        .flatMap((line, n) =>
          physical.test(line) && !line.includes('@media') ? [`${name}:${n + 1} ${line.trim()}`] : [],
        ),
    );
    expect(found).toEqual([]);
  });

  it('name colours in tokens.css alone', () => {
    const found = files.filter(
      (name) => name !== 'tokens.css' && /#[0-9a-f]{3,6}\b/i.test(readFileSync(join(__dirname, name), 'utf8')),
    );
    expect(found).toEqual([]);
  });
});
