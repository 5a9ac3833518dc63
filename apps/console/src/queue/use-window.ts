import { type RefObject, useEffect, useState } from 'react';

/** Rows painted beyond each edge, so that a slow scroll never shows a gap. */
const BEYOND = 1;

export interface Pane {
  /** Slots to paint, [from, to). */
  readonly from: number;
  readonly to: number;
  /** Slots wholly in sight, 1-based; 0 and 0 when there is none. */
  readonly first: number;
  readonly last: number;
}

/** Which rows of one height are in sight. Pure. Law: from <= to <= count; a row that touches the sight is painted. */
export function paneOf(top: number, seen: number, height: number, count: number): Pane {
  const from = Math.min(count, Math.max(0, Math.floor(top / height) - BEYOND));
  const to = Math.max(from, Math.min(count, Math.ceil((top + seen) / height) + BEYOND));
  const whole = Math.ceil((top - height / 4) / height) + 1;
  const last = Math.min(count, Math.floor((top + seen + height / 8) / height));
  const none = last < 1 || last < whole;
  return { from, to, first: none ? 0 : Math.max(1, whole), last: none ? 0 : last };
}

/** The sight of a scrolling box over `count` rows of one height. */
export function useWindow(box: RefObject<HTMLElement | null>, height: number, count: number): Pane {
  const [sight, setSight] = useState({ top: 0, seen: 0 });
  useEffect(() => {
    const el = box.current;
    if (!el) return;
    const look = (): void => setSight({ top: el.scrollTop, seen: el.clientHeight });
    look();
    const watch = new ResizeObserver(look);
    watch.observe(el);
    el.addEventListener('scroll', look, { passive: true });
    return () => {
      watch.disconnect();
      el.removeEventListener('scroll', look);
    };
  }, [box]);
  return paneOf(sight.top, sight.seen, height, count);
}

/** Scrolls no further than it must for the slot to stand wholly in sight. */
export function showSlot(el: HTMLElement, slot: number, height: number): void {
  const top = slot * height;
  if (top < el.scrollTop) el.scrollTop = top;
  else if (top + height > el.scrollTop + el.clientHeight) el.scrollTop = top + height - el.clientHeight;
}
