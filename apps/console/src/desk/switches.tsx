import { useTranslation } from 'react-i18next';
import { speak } from '../i18n/i18n.js';
import { type Language, languages } from '../people/names.js';
import { setTheme, type Theme, useTheme } from './theme.js';

/** Each language written in itself: it must be found by somebody who reads none of the others. */
const own: Readonly<Record<Language, string>> = { en: 'English', ur: 'اردو', zh: '中文' };

export function LanguageSwitch(): React.JSX.Element {
  const { t, i18n } = useTranslation();
  return (
    <div className="switch" role="group" aria-label={t('settings.language')}>
      {languages.map((language) => (
        <button
          key={language}
          type="button"
          lang={language === 'zh' ? 'zh-Hans' : language}
          className="verb"
          aria-pressed={i18n.language === language}
          onClick={() => speak(language)}
        >
          {own[language]}
        </button>
      ))}
    </div>
  );
}

const themes: readonly Theme[] = ['system', 'light', 'dark'];
export function ThemeSwitch(): React.JSX.Element {
  const { t } = useTranslation();
  const theme = useTheme((s) => s.theme);
  const next = themes[(themes.indexOf(theme) + 1) % themes.length] as Theme;
  return (
    <button type="button" className="verb" data-theme-now={theme} onClick={() => setTheme(next)}>
      {t('settings.theme', { theme: t(`settings.themes.${theme}`) })}
    </button>
  );
}
