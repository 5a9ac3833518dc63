import { useSyncExternalStore } from 'react';

/** Under 1800 px the third pane becomes tabs (desk-1366); 200 % zoom of a 1080p screen is the same case. */
const narrow = matchMedia('(max-width: 1799px)');
/** A narrow desk of this height has room for the log under the proof. */
const tall = matchMedia('(min-height: 860px)');
const phone = matchMedia('(max-width: 699px)');
const follow = (query: MediaQueryList) => (told: () => void) => {
  query.addEventListener('change', told);
  return () => query.removeEventListener('change', told);
};
const followNarrow = follow(narrow);
const followPhone = follow(phone);
const followTall = follow(tall);
export const useTall = (): boolean => useSyncExternalStore(followTall, () => tall.matches);
export const isNarrow = (): boolean => narrow.matches;
export const useNarrow = (): boolean => useSyncExternalStore(followNarrow, () => narrow.matches);
export const usePhone = (): boolean => useSyncExternalStore(followPhone, () => phone.matches);
