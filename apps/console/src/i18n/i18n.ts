import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';
import enWords from '../glossary/en.json';
import urWords from '../glossary/ur.json';
import zhWords from '../glossary/zh.json';
import type { Language } from '../people/names.js';
import en from './en.json';
import ur from './ur.json';
import zh from './zh.json';

const KEPT = 'tocsin.language';
/** First-strong isolate round each value, so that a code or a time never turns a right-to-left sentence over. */
const isolate = (value: string): string => `\u2068${value}\u2069`;

function first(): Language {
  const kept = localStorage.getItem(KEPT) ?? navigator.language.slice(0, 2);
  return kept === 'ur' || kept === 'zh' ? kept : 'en';
}

function dress(language: string): void {
  document.documentElement.lang = language === 'zh' ? 'zh-Hans' : language;
  document.documentElement.dir = language === 'ur' ? 'rtl' : 'ltr';
}

/** The languages, in memory from the first paint: switching is an instant act without a reload. */
export async function startLanguages(): Promise<void> {
  await i18next.use(initReactI18next).init({
    lng: first(),
    fallbackLng: 'en',
    resources: {
      en: { translation: { ...en, word: enWords } },
      ur: { translation: { ...ur, word: urWords } },
      zh: { translation: { ...zh, word: zhWords } },
    },
    // React escapes for HTML; what a value needs here is to stand alone in a right-to-left sentence.
    interpolation: {
      escapeValue: true,
      escape: (value: unknown) => (i18next.language === 'ur' ? isolate(String(value)) : String(value)),
    },
    returnNull: false,
  });
  dress(i18next.language);
}

/** The language of the person, on a desk where nobody has chosen one. */
export function speakFirst(language: string | undefined): void {
  if (localStorage.getItem(KEPT) === null && (language === 'en' || language === 'ur' || language === 'zh'))
    speak(language);
}

export function speak(language: Language): void {
  localStorage.setItem(KEPT, language);
  dress(language);
  void i18next.changeLanguage(language);
}
