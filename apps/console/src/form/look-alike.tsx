import { useLive } from '../live/store.js';
import { closeForm } from '../desk/desk.js';
import { Verb } from '../acts/verb.js';
import { Mark } from '../mark/mark.js';
import { useNames } from '../people/names.js';
import { Age, Ltr } from '../queue/age.js';
import { lookOf } from '../queue/row.js';
import { compareRows, grade, isLive } from '../queue/sections.js';
import { choose } from '../queue/view.js';
import { response, useWords } from '../queue/words.js';
import type { Incident } from '../wire.js';
import { useRaise } from './raise-draft.js';

/** Open incidents of the same site, those of the same category first: perhaps this call is about one of them. */
export function alike(incidents: Iterable<Incident>, site: string, category: string): readonly Incident[] {
  if (site === '') return [];
  const same = [...incidents].filter((i) => isLive(i) && i.site === site);
  return same
    .sort((a, b) => Number(b.category === category) - Number(a.category === category) || compareRows(a, b))
    .slice(0, 3);
}

export function LookAlike(): React.JSX.Element | null {
  const { t, title } = useWords();
  const names = useNames();
  const { site, category } = useRaise();
  const world = useLive((s) => s.world);
  const rows = alike(world.incidents.values(), site, category);
  if (rows.length === 0) return null;
  const join = (id: string): void => {
    closeForm();
    choose(id);
  };
  return (
    <section className="look-alike" aria-label={t('form.alike')}>
      <h2>
        {t('form.alike')} <span className="quiet">{t('form.alikeNote')}</span>
      </h2>
      {rows.map((i) => (
        <div key={i.id} className="alike-row">
          <Mark grade={grade(i)} look={lookOf(i)} size={24} />
          <strong>
            <Ltr>{i.number}</Ltr> <bdi>{title(i)}</bdi>
          </strong>
          <span className="clip">
            {[i.owner ? names.person(i.owner) : t('row.untaken'), response(t, i)].filter(Boolean).join(' · ')}
          </span>
          <Age since={i.openedAt} />
          <Verb small label={t('form.join')} onPress={() => join(i.id)} />
        </div>
      ))}
    </section>
  );
}
