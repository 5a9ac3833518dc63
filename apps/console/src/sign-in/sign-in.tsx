import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Clocks } from '../bars/health-strip.js';
import { ThemeSwitch, LanguageSwitch } from '../desk/switches.js';
import { probeReady, type Refused } from '../api/http.js';
import { Key } from '../keyboard/key.js';
import { armSound } from '../sound/sound.js';
import { Legend } from './legend.js';
import { signIn, useSession } from './session.js';

/** Name, password, one button. Nothing of the unit is shown before somebody has signed in. */
export function SignIn(): React.JSX.Element {
  const { t } = useTranslation();
  return (
    <div className="sign-in">
      <Strip />
      <main className="sign-in-main">
        <section className="sign-in-form">
          <h1>Tocsin</h1>
          <p className="where">{t('signIn.room')}</p>
          <Form />
        </section>
        <footer className="sign-in-foot">
          <LanguageSwitch />
          <ThemeSwitch />
        </footer>
      </main>
      <Legend />
    </div>
  );
}

function Strip(): React.JSX.Element {
  const { t } = useTranslation();
  const [ready, setReady] = useState<boolean | null>(null);
  useEffect(() => {
    const ask = (): void => void probeReady().then(setReady);
    ask();
    const timer = setInterval(ask, 5_000);
    return () => clearInterval(timer);
  }, []);
  return (
    <header className="health" aria-label={t('bar.health')}>
      <span className="health-item">
        {ready === null ? t('signIn.asking') : ready ? t('bar.server.live') : <strong>{t('signIn.noServer')}</strong>}
      </span>
      <Clocks />
    </header>
  );
}

function Form(): React.JSX.Element {
  const { t } = useTranslation();
  const ended = useSession((s) => s.ended);
  const [username, setUsername] = useState('');
  const [password, setPassword] = useState('');
  const [fault, setFault] = useState<Refused | 'empty' | null>(null);
  const [busy, setBusy] = useState(false);
  const submit = async (event: React.FormEvent): Promise<void> => {
    event.preventDefault();
    if (busy) return;
    if (username.trim() === '' || password === '') return setFault('empty');
    void armSound();
    setBusy(true);
    const refused = await signIn(username.trim(), password);
    setBusy(false);
    setFault(refused);
    if (refused) setPassword('');
  };
  const words =
    fault === 'empty'
      ? t('signIn.empty')
      : fault
        ? t(`signIn.fault.${fault.code}`, { defaultValue: t('signIn.fault.other', { code: fault.code }) })
        : ended
          ? t(`signIn.ended.${ended}`)
          : '';
  return (
    <form onSubmit={(e) => void submit(e)} noValidate>
      <label className="field-block">
        <span>{t('signIn.name')}</span>
        <input
          value={username}
          dir="auto"
          autoFocus
          autoComplete="username"
          autoCapitalize="none"
          onChange={(e) => setUsername(e.target.value)}
        />
      </label>
      <label className={`field-block${fault ? ' has-fault' : ''}`}>
        <span>{t('signIn.password')}</span>
        <input
          type="password"
          value={password}
          autoComplete="current-password"
          aria-invalid={fault !== null}
          aria-describedby="sign-in-fault"
          onChange={(e) => setPassword(e.target.value)}
        />
      </label>
      <p id="sign-in-fault" className="sign-in-fault" role="alert">
        {words && <strong>{words}</strong>}
      </p>
      <button type="submit" className="verb primary sign-in-button" disabled={busy}>
        <span>{busy ? t('signIn.busy') : t('signIn.go')}</span> <Key of="Enter" />
      </button>
    </form>
  );
}
