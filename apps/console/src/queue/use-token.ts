import { useEffect, useState } from 'react';

const read = (name: string, fallback: number): number => {
  const value = Number.parseFloat(getComputedStyle(document.documentElement).getPropertyValue(name));
  return Number.isFinite(value) ? value : fallback;
};

/** A length of tokens.css in px, read again when language or window change it: heights are written down once. */
export function useToken(name: string, fallback: number): number {
  const [value, setValue] = useState(() => read(name, fallback));
  useEffect(() => {
    const again = (): void => setValue(read(name, fallback));
    again();
    window.addEventListener('resize', again);
    const watch = new MutationObserver(again);
    watch.observe(document.documentElement, { attributes: true, attributeFilter: ['lang'] });
    return () => {
      window.removeEventListener('resize', again);
      watch.disconnect();
    };
  }, [name, fallback]);
  return value;
}
