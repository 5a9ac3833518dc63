import { useSyncExternalStore } from 'react';

/** Under 1600 px the third pane becomes tabs (desk-1366); 200 % zoom of a 1080p screen is the same case. */
const narrow = matchMedia('(max-width: 1599px)');
const phone = matchMedia('(max-width: 699px)');
const follow = (query: MediaQueryList) => (told: () => void) => {
  query.addEventListener('change', told);
  return () => query.removeEventListener('change', told);
};
const followNarrow = follow(narrow);
const followPhone = follow(phone);
export const useNarrow = (): boolean => useSyncExternalStore(followNarrow, () => narrow.matches);
export const usePhone = (): boolean => useSyncExternalStore(followPhone, () => phone.matches);
