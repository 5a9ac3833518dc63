import { takeInterrupt } from '../keyboard/commands.js';
import { Key } from '../keyboard/key.js';
import { useStale } from '../live/clock.js';
import { useMono } from '../live/mono.js';
import { useLive } from '../live/store.js';
import { Mark } from '../mark/mark.js';
import { placeOf, useNames } from '../people/names.js';
import { Age, Ltr } from '../queue/age.js';
import { useView } from '../queue/view.js';
import { useWords } from '../queue/words.js';
import type { Incident } from '../wire.js';

/** The bottom edge: a new S1 that nobody has outranks whatever is open; below it, news of the link. */
export function BottomBar(): React.JSX.Element | null {
  const interrupts = useView((s) => s.interrupts);
  const flood = useView((s) => s.flood);
  const stale = useStale() >= 0;
  const worst = interrupts[0];
  if (worst && !stale) return <Interrupt incident={worst} more={interrupts.length - 1} flood={flood !== null} />;
  return <Back />;
}

function Interrupt({ incident, more, flood }: { incident: Incident; more: number; flood: boolean }): React.JSX.Element {
  const { t, title } = useWords();
  const names = useNames();
  const place = placeOf(incident, names);
  return (
    <aside className="bottom-bar inverse" aria-label={t('interrupt.name')}>
      <Mark grade="s1" look="filled" size={36} pulse />
      <strong>{flood && more > 0 ? t('interrupt.many', { n: more + 1 }) : t('word.grade.s1')}</strong>
      <strong>
        <bdi>{title(incident)}</bdi>
      </strong>
      <span className="clip">
        {place.code && <Ltr>{place.code}</Ltr>} {[place.name, place.zone].filter(Boolean).join(' · ')}
      </span>
      <Age since={incident.openedAt} className="bar-age" />
      <span className="quiet">
        {more > 0 && !flood ? t('interrupt.more', { n: more }) : t(flood ? 'interrupt.oldest' : 'row.untaken')}
      </span>
      <span className="bar-end">
        <span className="quiet wide-only">{t('interrupt.beside')}</span>
        <button type="button" className="verb bar-verb" onClick={(e) => takeInterrupt(e.timeStamp)}>
          {t('word.act.take')} <Key of="F2" />
        </button>
      </span>
    </aside>
  );
}

/** "Back after 00:21": said once for ten seconds, then only in the log. */
function Back(): React.JSX.Element | null {
  const { t } = useWords();
  const back = useLive((s) => s.back);
  const now = useMono(1_000, back !== null);
  if (!back || now - back.at > 10_000) return null;
  return (
    <aside className="bottom-bar calm" aria-label={t('back.name')} role="status">
      <strong>{t('back.head', { s: Math.round(back.afterMs / 1000) })}</strong>
      <span>{t('back.note', { count: back.events })}</span>
    </aside>
  );
}
