import { create } from 'zustand';

export type Theme = 'light' | 'dark' | 'system';
const KEPT = 'tocsin.theme';
const night = matchMedia('(prefers-color-scheme: dark)');

const read = (): Theme => {
  const kept = localStorage.getItem(KEPT);
  return kept === 'light' || kept === 'dark' ? kept : 'system';
};
export const useTheme = create<{ theme: Theme }>(() => ({ theme: read() }));

function paint(): void {
  const { theme } = useTheme.getState();
  document.documentElement.dataset['theme'] = theme === 'system' ? (night.matches ? 'dark' : 'light') : theme;
}

/** Before the first paint; follows the machine while the choice is "system". */
export function startTheme(): void {
  paint();
  night.addEventListener('change', paint);
}

export function setTheme(theme: Theme): void {
  localStorage.setItem(KEPT, theme);
  useTheme.setState({ theme });
  paint();
}
