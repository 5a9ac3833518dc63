import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';

const read = (name: string, fallback: number): number => {
  const value = Number.parseFloat(getComputedStyle(document.documentElement).getPropertyValue(name));
  return Number.isFinite(value) ? value : fallback;
};

/** A length of tokens.css in px, read again when language or window change it: heights are written down once. */
export function useToken(name: string, fallback: number): number {
  const { i18n } = useTranslation();
  const [value, setValue] = useState(() => read(name, fallback));
  useEffect(() => {
    const again = (): void => setValue(read(name, fallback));
    again();
    window.addEventListener('resize', again);
    return () => window.removeEventListener('resize', again);
  }, [name, fallback, i18n.language]);
  return value;
}
