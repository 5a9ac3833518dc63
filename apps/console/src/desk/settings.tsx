import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { KEPT, keysOn } from '../keyboard/keys.js';
import { PushButton } from '../phone/push-button.js';
import { signOut } from '../sign-in/session.js';
import { armSound, sound } from '../sound/sound.js';
import { useDesk } from './desk.js';
import { LanguageSwitch, ThemeSwitch } from './switches.js';

/** What belongs to this person at this desk; hangs from the strip, over nothing that acts. */
export function Settings(): React.JSX.Element | null {
  const { t } = useTranslation();
  const open = useDesk((s) => s.settings);
  const [keys, setKeys] = useState(keysOn());
  if (!open) return null;
  const flip = (): void => {
    localStorage.setItem(KEPT, keys ? 'off' : 'on');
    setKeys(!keys);
  };
  const hear = async (): Promise<void> => {
    await armSound();
    sound('medium');
  };
  return (
    <aside className="settings" aria-label={t('bar.settings')}>
      <h2>{t('bar.settings')}</h2>
      <LanguageSwitch />
      <ThemeSwitch />
      <button type="button" className="verb" onClick={() => void hear()}>
        {t('settings.hear')}
      </button>
      <button type="button" className="verb" aria-pressed={keys} onClick={flip}>
        {t(keys ? 'settings.keysOn' : 'settings.keysOff')}
      </button>
      <PushButton />
      <button type="button" className="verb" onClick={() => useDesk.setState({ help: true, settings: false })}>
        {t('settings.help')}
      </button>
      <button type="button" className="verb" onClick={() => void signOut()}>
        {t('settings.signOut')}
      </button>
    </aside>
  );
}
