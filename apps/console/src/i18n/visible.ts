/** Controls, line separators, bidirectional overrides and isolates, invisible marks; a line feed is kept. */
const hidden =
  /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/g;

/**
 * Text that came from outside, as it may stand on a screen: what would turn its reading order round or hide a part of
 * it is a blank, as in pages. U+200C and U+200D stay: Urdu is spelled with them. Total and idempotent.
 */
export const visible = (text: string): string => text.replace(hidden, ' ');
