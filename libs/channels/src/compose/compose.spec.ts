import fc from 'fast-check';
import { incident, message, openedAt } from '../../test/messages.js';
import { cleanText } from './clean-text.js';
import { fill, texts } from './texts.js';

const to = { kind: 'email' as const, address: 'officer@unit.test' };

describe('composeMessage', () => {
  it('names the gravest first and counts the rest', () => {
    const incidents = [
      incident({ severity: 'low', title: 'Door', site: { code: '12', name: 'G-9 Depot' } }),
      incident({ severity: 'critical', title: 'Panic' }),
      ...Array.from({ length: 13 }, () => incident({ severity: 'medium' })),
    ];
    const page = message(to, { incidents });
    expect(page.title).toBe('CRITICAL · 15 incidents · 07 Blue Area, 12 G-9 Depot');
    expect(page.incidents[0]?.title).toBe('Panic');
    expect(page.body).toHaveLength(13);
    expect(page.body.at(-1)).toBe('and 3 more');
  });

  it('gives the time of the unit', () => {
    expect(message(to).body[0]).toBe(
      'CRITICAL · 26-00123 · 07 Blue Area: Panic button at gate 3 (opened 03:39:00 GMT+5)',
    );
    expect(message(to, { incidents: [incident({ openedAt: openedAt + 3_600_000_000 })] }).body[0]).toContain(
      '04:39:00',
    );
  });

  it('heads with DRILL only when nothing actual is among it', () => {
    const drill = incident({ reality: 'exercise' });
    expect(message(to, { incidents: [drill] }).title).toMatch(/^DRILL · CRITICAL/);
    const mixed = message(to, { incidents: [drill, incident()] });
    expect(mixed.title).toMatch(/^CRITICAL/);
    expect(mixed.body.filter((line) => line.startsWith('DRILL'))).toHaveLength(1);
  });

  it('says what a dispatch and a notice are', () => {
    expect(message(to, { incidents: [incident({ kind: 'response' })] })).toMatchObject({
      kind: 'response',
      title: 'CRITICAL · You are dispatched · 07 Blue Area · Panic button at gate 3',
      body: [expect.any(String), 'Accept or decline in the console.'],
    });
    const notice = (code: string) => message(to, { incidents: [incident({ kind: 'notice', notice: code })] }).title;
    expect(notice('recalled')).toContain('Recalled');
    expect(notice('something-new')).toContain('Update');
    const mixed = message(to, { incidents: [incident(), incident({ kind: 'response' })] });
    expect(mixed.title).toBe('CRITICAL · 2 incidents · 07 Blue Area');
    expect(mixed.body.filter((line) => line.includes('You are dispatched'))).toHaveLength(1);
  });

  it('keeps a Latin title from turning an Urdu line round, and the other way', () => {
    expect(message(to, { language: 'ur' }).title).toContain('\u2068Panic button at gate 3\u2069');
    expect(message(to, { incidents: [incident({ title: 'گیٹ 3' })] }).title).toContain('\u2068گیٹ 3\u2069');
    expect(message(to).title).not.toContain('\u2068');
  });

  it('has every text in every language', () => {
    for (const language of ['ur', 'zh'] as const) {
      expect(Object.keys(texts[language])).toEqual(Object.keys(texts.en));
      expect(Object.keys(texts[language].notices)).toEqual(Object.keys(texts.en.notices));
    }
    expect(fill('{a} {b}', { a: 1 })).toBe('1 {b}');
  });
});

describe('cleanText', () => {
  it('is total, idempotent, one line and bounded', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), fc.integer({ min: 1, max: 250 }), (text, max) => {
        const clean = cleanText(text, max);
        expect(cleanText(clean, max)).toBe(clean);
        expect([...clean].length).toBeLessThanOrEqual(max);
        expect(clean).not.toMatch(/[\u0000-\u001f\u007f\u202a-\u202e\u2066-\u2069\u2028\u2029]/);
      }),
    );
  });

  it('shows what was hidden and keeps what is spelled', () => {
    expect(cleanText('a\u202egnp.exe\r\nb')).toBe('a gnp.exe b');
    expect(cleanText('Z\u0300\u0301\u0302\u0303\u0304 x')).toBe('Z\u0300\u0301 x');
    expect(cleanText('می\u200cخواهم')).toBe('می\u200cخواهم');
  });
});
