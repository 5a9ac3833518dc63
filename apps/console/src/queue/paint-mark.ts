/**
 * Leaves a mark in the browser's own timeline when a row has really been painted, so that "alarm to paint" can be
 * measured on any desk with the developer tools, and in the tests, without a probe of our own.
 */
export function markPainted(id: string): void {
  requestAnimationFrame(() => setTimeout(() => note('tocsin.painted', id), 0));
}

let notes = 0;
/** At most the last hundreds are kept: a desk runs for months. */
export function note(name: string, detail: string): void {
  notes += 1;
  if (notes % 500 === 0) {
    performance.clearMarks('tocsin.painted');
    performance.clearMarks('tocsin.sound');
  }
  performance.mark(name, { detail });
}
