import { useTranslation } from 'react-i18next';
import { count } from '../i18n/times.js';
import { raise } from '../keyboard/commands.js';
import { Key } from '../keyboard/key.js';
import { useStale } from '../live/clock.js';
import { useLive } from '../live/store.js';
import { Mark } from '../mark/mark.js';
import { Age, Ltr } from '../queue/age.js';
import type { Grade } from '../queue/sections.js';
import { useView } from '../queue/view.js';
import { useSession } from '../sign-in/session.js';

const grades: readonly Grade[] = ['s1', 's2', 's3', 's4', 'sys'];

/** How many of each class, by shape, number and word; who waits longest; the load. Always in sight. */
export function CountBar(): React.JSX.Element {
  const { t } = useTranslation();
  const counts = useView((s) => s.counts);
  const loaded = useLive((s) => s.loaded);
  const stale = useStale() >= 0;
  const drills = useLive(
    (s) =>
      [...s.world.incidents.values()].filter(
        (i) => i.reality === 'exercise' && (i.state === 'open' || i.state === 'acknowledged'),
      ).length,
  );
  return (
    <div className={`counts${stale ? ' is-stale' : ''}`} role="group" aria-label={t('count.name')}>
      {grades.map((grade) => (
        <Tally
          key={grade}
          grade={grade}
          total={counts.by[grade].total}
          untaken={counts.by[grade].untaken}
          loaded={loaded}
        />
      ))}
      <span className="figures">
        <Figure name={t('count.oldest')}>
          {counts.oldestUntaken ? <Age since={counts.oldestUntaken.openedAt} /> : t('count.none')}
        </Figure>
        <Figure name={t('count.load')}>{t('count.loadIn', { n: count(counts.load) })}</Figure>
        <Figure name={t('count.mine')}>
          <Ltr>{count(counts.mine)}</Ltr>
        </Figure>
      </span>
      <span className="counts-end">
        <Figure name={drills > 0 ? t('count.drills', { n: drills }) : t('count.noDrill')}>
          {t('word.reality.actual')}
        </Figure>
        <Raise />
      </span>
    </div>
  );
}

function Raise(): React.JSX.Element | null {
  const { t } = useTranslation();
  const may = useSession((s) => s.user?.roles.some((r) => r === 'operator' || r === 'commander') ?? false);
  if (!may) return null;
  return (
    <button type="button" className="verb raise" onClick={raise}>
      <span>{t('form.raise')}</span> <Key of="KeyI" />
    </button>
  );
}

function Tally({
  grade,
  total,
  untaken,
  loaded,
}: {
  grade: Grade;
  total: number;
  untaken: number;
  loaded: boolean;
}): React.JSX.Element {
  const { t } = useTranslation();
  const words = !loaded
    ? '?'
    : total === 0
      ? t('count.noneOpen')
      : untaken === 0
        ? t('count.allTaken')
        : t('count.untaken', { n: count(untaken) });
  return (
    <div className={`tally${total === 0 ? ' zero' : ''}`}>
      <Mark grade={grade} look={total === 0 ? 'none' : untaken > 0 ? 'filled' : 'outlined'} size={32} />
      <Ltr className="tally-n">{loaded ? count(total) : '?'}</Ltr>
      <span className="tally-words">
        <strong>{t(`word.grade.${grade}`)}</strong>
        <span>{words}</span>
      </span>
    </div>
  );
}

function Figure({ name, children }: { name: string; children: React.ReactNode }): React.JSX.Element {
  return (
    <span className="figure">
      <span className="quiet">{name}</span>
      <strong>{children}</strong>
    </span>
  );
}
