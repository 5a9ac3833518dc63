import fc from 'fast-check';
import type { TFunction } from 'i18next';
import i18next from 'i18next';
import { categoryOf, titleOf } from '../queue/words.js';
import { visible } from './visible.js';

it('is idempotent, keeps lines and what is spelled, and blanks what turns or hides', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => visible(visible(text)) === visible(text)));
  expect(visible('a\u202egnp.exe\u2066b\u0007c\nd')).toBe('a gnp.exe b c\nd');
  expect(visible('می\u200cخواهم')).toBe('می\u200cخواهم');
});

describe('an alarm’s own words', () => {
  let t: TFunction;
  beforeAll(async () => {
    const translation = { word: { severity: { low: 'Low' }, title: { 'gate-open': 'Tor offen' } } };
    t = await i18next.createInstance().init({ lng: 'en', resources: { en: { translation } } });
  });

  it('are never read as a template of ours', () => {
    for (const words of ['Fire $t(word.severity.low)', '{{defaultValue}} {{defaultValue}}', '$t(a, {"b": "$t(c)"})']) {
      expect(titleOf(t, words)).toBe(words);
      expect(categoryOf(t, words)).toBe(words);
    }
    expect(titleOf(t, 'Gate open')).toBe('Tor offen');
  });

  it('are shown without what turns them round', () => {
    expect(titleOf(t, 'All \u202eclear')).toBe('All  clear');
  });
});
