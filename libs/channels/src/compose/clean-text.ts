/** C0 and C1 controls, line and paragraph separators, bidirectional overrides and isolates, invisible marks. */
const unsafe = /[\u0000-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]+/g;
/** More than two combining marks on one letter ("zalgo") hide what stands beside them. */
const stacked = /(\p{M}{2})\p{M}+/gu;

/**
 * Text from outside as one visible line: what could change the reading order, forge a header or hide text becomes a
 * space; longer than `max` characters ends in an ellipsis. Total and idempotent. U+200C and U+200D stay: Urdu is
 * spelled with them.
 */
export function cleanText(text: string, max = 200): string {
  const line = text
    .replace(/\p{Cs}/gu, '\ufffd')
    .replace(unsafe, ' ')
    .replace(stacked, '$1')
    .replace(/\s+/g, ' ')
    .trim();
  const letters = [...line];
  return letters.length <= max
    ? line
    : `${letters
        .slice(0, max - 1)
        .join('')
        .trimEnd()}…`;
}

const rightToLeft = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/;

/**
 * First-strong isolate (UAX #9) round foreign text wherever writing directions may meet: Latin or digits in a title
 * must not turn an Urdu line round, nor an Urdu title an English one.
 */
export function isolate(text: string, language: string): string {
  return language === 'ur' || rightToLeft.test(text) ? `\u2068${text}\u2069` : text;
}
