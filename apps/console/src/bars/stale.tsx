import { useTranslation } from 'react-i18next';
import { age, localTime } from '../i18n/times.js';
import { silenceSound } from '../keyboard/commands.js';
import { Key } from '../keyboard/key.js';
import { clock, DEAD_MS, useStale } from '../live/clock.js';
import { useMono } from '../live/mono.js';
import { useLive } from '../live/store.js';
import { Mark } from '../mark/mark.js';
import { Ltr } from '../queue/age.js';

/** "STALE 00:17" in the head of every panel whose data the server made. */
export function StaleTag(): React.JSX.Element | null {
  const { t } = useTranslation();
  const stale = useStale();
  if (stale < 0) return null;
  return (
    <span className="stale-tag">
      {t('stale.tag')} <Ltr>{age(stale * 1000)}</Ltr>
    </span>
  );
}

/** From 15 s of silence: what is shown, from when, and what happens about it. */
export function StaleBar(): React.JSX.Element | null {
  const { t } = useTranslation();
  const stale = useStale();
  const { attempt, nextTryAt } = useLive();
  const mono = useMono(500, stale >= 0);
  if (stale * 1000 < DEAD_MS) return null;
  const next = nextTryAt === null ? 0 : Math.max(0, Math.ceil((nextTryAt - mono) / 1000));
  return (
    <div className="stale-bar" role="alert">
      <Mark grade="sys" look="filled" size={36} />
      <div>
        <strong>{t('stale.head', { n: stale, time: localTime(clock.now()) })}</strong>
        <span>{t('stale.note')}</span>
      </div>
      <div className="head-end">
        <strong>{t('stale.retry', { n: Math.max(1, attempt), s: next })}</strong>
        <span>{t('stale.acts')}</span>
      </div>
      <button type="button" className="verb" onClick={silenceSound}>
        {t('act.silence')} <Key of="KeyS" />
      </button>
    </div>
  );
}
