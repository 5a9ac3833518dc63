import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { LiveAge } from '../bars/live-age.js';
import { LanguageSwitch, ThemeSwitch } from '../desk/switches.js';
import { watchForNames } from '../desk/watch.js';
import { age } from '../i18n/times.js';
import { useStale } from '../live/clock.js';
import { useLive } from '../live/store.js';
import { useNames } from '../people/names.js';
import { Ltr } from '../queue/age.js';
import { compareRows, isLive } from '../queue/sections.js';
import { signOut, useSession } from '../sign-in/session.js';
import type { Incident } from '../wire.js';
import { Job, myAssignment } from './job.js';
import { PhoneRow } from './phone-row.js';
import { PushButton } from './push-button.js';

/** The responder's screen: what I am sent to, what is open, can I be reached. One thumb, no table. */
export function Phone(): React.JSX.Element {
  const { t } = useTranslation();
  const me = useSession((s) => s.user?.id ?? '');
  const { world, loaded } = useLive();
  const [open, setOpen] = useState<string | null>(new URLSearchParams(location.search).get('incident'));
  useEffect(watchForNames, []);
  useEffect(() => listenToWorker(setOpen), []);
  // Our own faults are the control room's business: a responder can do nothing about them.
  const live = [...world.incidents.values()].filter((i) => isLive(i) && i.class !== 'system').sort(compareRows);
  const mine = live.filter((i) => myAssignment(i, me));
  const others = live.filter((i) => !mine.includes(i) && i.state === 'open');
  const shown: Incident | undefined =
    (open ? world.incidents.get(open) : undefined) ?? (mine.length === 1 ? mine[0] : undefined);
  return (
    <div className="phone">
      <PhoneHead
        back={shown !== undefined && live.length > 1 ? () => setOpen('') : null}
        number={shown?.number ?? null}
      />
      {!loaded ? (
        <p className="pad">{t('state.loadingShort')}</p>
      ) : shown && open !== '' ? (
        <Job incident={shown} />
      ) : (
        <main className="phone-lists">
          <List name={t('phone.mine')} none={t('phone.mineNone')} rows={mine} onOpen={setOpen} />
          <List name={t('phone.open')} none={t('phone.openNone')} rows={others} onOpen={setOpen} />
          <Reach />
        </main>
      )}
    </div>
  );
}

function PhoneHead({ back, number }: { back: (() => void) | null; number: string | null }): React.JSX.Element {
  const { t } = useTranslation();
  const names = useNames();
  const user = useSession((s) => s.user);
  const stale = useStale();
  return (
    <header className={`phone-head${stale >= 0 ? ' stale' : ''}`}>
      {back && (
        <button type="button" className="verb" onClick={back}>
          {t('phone.all')}
        </button>
      )}
      <strong>
        <bdi>{names.text(user?.name)}</bdi>
      </strong>
      <span>
        {stale >= 0 ? (
          <strong>
            {t('stale.tag')} <Ltr>{age(stale * 1000)}</Ltr>
          </strong>
        ) : (
          <>
            {t('bar.live')} <LiveAge />
          </>
        )}
      </span>
      {number && (
        <span className="head-end">
          <Ltr>{number}</Ltr>
        </span>
      )}
    </header>
  );
}

interface ListProps {
  readonly name: string;
  readonly none: string;
  readonly rows: readonly Incident[];
  readonly onOpen: (id: string) => void;
}
function List({ name, none, rows, onOpen }: ListProps): React.JSX.Element {
  const { t } = useTranslation();
  const stale = useStale() >= 0;
  return (
    <section aria-label={name}>
      <h2>{name}</h2>
      {rows.length === 0 && <p className="second">{stale ? t('empty.unknown') : none}</p>}
      {rows.slice(0, 30).map((i) => (
        <PhoneRow key={i.id} incident={i} onOpen={() => onOpen(i.id)} />
      ))}
      {rows.length > 30 && <p className="second">{t('phone.more', { n: rows.length - 30 })}</p>}
    </section>
  );
}

function Reach(): React.JSX.Element {
  const { t } = useTranslation();
  return (
    <section className="reach" aria-label={t('phone.reach')}>
      <h2>{t('phone.reach')}</h2>
      <PushButton big />
      <p className="second">{t('phone.limits')}</p>
      <LanguageSwitch />
      <ThemeSwitch />
      <button type="button" className="verb" onClick={() => void signOut()}>
        {t('settings.signOut')}
      </button>
    </section>
  );
}

/** A tap on a page opens its incident in the window that is already here. */
function listenToWorker(open: (id: string) => void): () => void {
  if (!('serviceWorker' in navigator)) return () => undefined;
  const hear = (event: MessageEvent): void => {
    const id = (event.data as { open?: unknown } | null)?.open;
    if (typeof id === 'string') open(id);
  };
  navigator.serviceWorker.addEventListener('message', hear);
  return () => navigator.serviceWorker.removeEventListener('message', hear);
}
