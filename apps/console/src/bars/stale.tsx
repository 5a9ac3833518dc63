import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { age, localTime } from '../i18n/times.js';
import { Key } from '../keyboard/key.js';
import { clock, DEAD_MS, useStale } from '../live/clock.js';
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
  useTick(stale >= 0);
  if (stale * 1000 < DEAD_MS) return null;
  const next = nextTryAt === null ? 0 : Math.max(0, Math.ceil((nextTryAt - performance.now()) / 1000));
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
      <Silence />
    </div>
  );
}

function Silence(): React.JSX.Element {
  const { t } = useTranslation();
  return (
    <button type="button" className="verb" data-key="KeyS">
      {t('act.silence')} <Key of="KeyS" />
    </button>
  );
}

function useTick(on: boolean): void {
  const [, again] = useState(0);
  useEffect(() => {
    if (!on) return;
    const timer = setInterval(() => again((n) => n + 1), 500);
    return () => clearInterval(timer);
  }, [on]);
}
