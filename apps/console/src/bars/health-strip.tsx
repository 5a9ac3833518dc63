import { useTranslation } from 'react-i18next';
import { useDesk } from '../desk/desk.js';
import { age, localTime, utcTime, ZONE_NAME } from '../i18n/times.js';
import { clock, useSecond, useStale } from '../live/clock.js';
import { useMono } from '../live/mono.js';
import { useLive } from '../live/store.js';
import { Mark } from '../mark/mark.js';
import { useDirectory } from '../people/directory.js';
import { useNames } from '../people/names.js';
import { Ltr } from '../queue/age.js';
import { useView } from '../queue/view.js';
import { faultOf } from '../queue/words.js';
import { useSession } from '../sign-in/session.js';
import { armSound, useSound } from '../sound/sound.js';
import { LiveAge } from './live-age.js';

/** The health of what feeds the eyes: live age in words, the server, our own faults, the sound, who sits here, the time. */
export function HealthStrip(): React.JSX.Element {
  const { t } = useTranslation();
  const stale = useStale();
  const link = useLive((s) => s.link);
  return (
    <header className={`health${stale >= 0 ? ' stale' : ''}`} aria-label={t('bar.health')}>
      <span className="health-item">
        {stale >= 0 ? (
          <strong>
            {t('stale.tag')} <Ltr>{age(stale * 1000)}</Ltr>
          </strong>
        ) : (
          <>
            <strong>{t('bar.live')}</strong> <LiveAge />
          </>
        )}
      </span>
      <span className="health-item">{t(`bar.server.${link}`)}</span>
      <Faults />
      <Directories />
      <Sound />
      <Who />
      <Clocks />
    </header>
  );
}

/** Our own faults that are open, the worst by name. */
function Faults(): React.JSX.Element | null {
  const { t } = useTranslation();
  const worst = useLive((s) =>
    [...s.world.incidents.values()].find((i) => i.class === 'system' && i.state !== 'resolved' && i.state !== 'closed'),
  );
  const n = useView((s) => s.counts.by.sys.total);
  if (!worst || n === 0) return <span className="health-item">{t('bar.noFaults')}</span>;
  return (
    <strong className="health-item">
      <Mark grade="sys" look="outlined" size={16} /> {t('bar.faults', { count: n })} ·{' '}
      <bdi className="clip">{faultOf(t, worst.title)}</bdi>
    </strong>
  );
}

function Directories(): React.JSX.Element | null {
  const { t } = useTranslation();
  const { failed, sites } = useDirectory();
  const names = Object.keys(failed);
  if (names.length > 0)
    return (
      <strong className="health-item">
        {t('bar.failed', { lists: names.map((n) => t(`bar.list.${n}`)).join(', ') })}
      </strong>
    );
  return sites.size > 0 ? <span className="health-item wide-only">{t('bar.sites', { n: sites.size })}</span> : null;
}

function Sound(): React.JSX.Element {
  const { t } = useTranslation();
  const { state, silentUntil } = useSound();
  const left = Math.ceil((silentUntil - useMono(500)) / 1000);
  if (state === 'armed' && left > 0) return <strong className="health-item">{t('bar.silent', { s: left })}</strong>;
  if (state === 'armed') return <span className="health-item">{t('bar.armed')}</span>;
  return (
    <button type="button" className="health-item health-button" onClick={() => void armSound()}>
      <strong>{t('bar.notArmed')}</strong>
    </button>
  );
}

function Who(): React.JSX.Element {
  const { t } = useTranslation();
  const names = useNames();
  const user = useSession((s) => s.user);
  const open = useDesk((s) => s.settings);
  return (
    <button
      type="button"
      className="health-item health-button"
      aria-expanded={open}
      onClick={() => useDesk.setState({ settings: !open })}
    >
      <span>
        <bdi>{names.text(user?.name)}</bdi> · {user?.roles.map((r) => t(`word.role.${r}`)).join(', ')} ·{' '}
        {t('bar.settings')}
      </span>
    </button>
  );
}

export function Clocks(): React.JSX.Element | null {
  const second = useSecond();
  const stale = useStale();
  const { t } = useTranslation();
  if (!clock.known() || second + stale === 0) return null;
  const now = clock.running();
  return (
    <span className="clocks" aria-label={t('bar.time')} role="timer">
      <Ltr>UTC {utcTime(now)}</Ltr>
      <span className="strong">
        <Ltr>
          {ZONE_NAME} {localTime(now)}
        </Ltr>
      </span>
    </span>
  );
}
