import { StaleTag } from '../bars/stale.js';
import { useDesk } from '../desk/desk.js';
import { count, localMinute } from '../i18n/times.js';
import { useNarrow } from '../desk/use-narrow.js';
import { Key } from '../keyboard/key.js';
import { ms, useStale } from '../live/clock.js';
import { useLive } from '../live/store.js';
import { Mark } from '../mark/mark.js';
import { useDirectory } from '../people/directory.js';
import { useNames } from '../people/names.js';
import { Ltr } from '../queue/age.js';
import { grade, type Grade, isLive } from '../queue/sections.js';
import { useWords } from '../queue/words.js';
import type { Incident } from '../wire.js';

const grades: readonly Grade[] = ['s1', 's2', 's3', 's4', 'sys'];
type Line = {
  readonly id: string;
  readonly by: Readonly<Record<Grade, number>>;
  readonly all: number;
  readonly last: string;
};

/** Open alarms per site and class; every open incident is in exactly one cell. */
export function linesOf(sites: readonly string[], incidents: Iterable<Incident>): readonly Line[] {
  const zero = (): Record<Grade, number> => ({ s1: 0, s2: 0, s3: 0, s4: 0, sys: 0 });
  const by = new Map(sites.map((id) => [id, { by: zero(), all: 0, last: '' }]));
  for (const i of incidents) {
    const id = i.site ?? '';
    const line = by.get(id) ?? { by: zero(), all: 0, last: '' };
    by.set(id, line);
    if (i.openedAt > line.last) line.last = i.openedAt;
    if (!isLive(i)) continue;
    line.by[grade(i)] += 1;
    line.all += 1;
  }
  return [...by].map(([id, line]) => ({ id, ...line }));
}

export function SiteTable(): React.JSX.Element {
  const { t } = useWords();
  const names = useNames();
  const sites = useDirectory((s) => s.sites);
  const world = useLive((s) => s.world);
  const stale = useStale() >= 0;
  const narrow = useNarrow();
  const at = useDesk((s) => (s.selected ? world.incidents.get(s.selected)?.site : null));
  const lines = linesOf([...sites.keys()], world.incidents.values()).filter((l) => l.id !== '' || l.all > 0);
  const sum = (of: (l: Line) => number): number => lines.reduce((n, l) => n + of(l), 0);
  return (
    <section className={`sites pane${stale ? ' is-stale' : ''}`} aria-label={t('sites.name')} data-region="sites">
      <header className="pane-head">
        <h2>{t('sites.name')}</h2>
        {!narrow && <Key of="KeyM" />}
        <span className="quiet">{t('sites.note')}</span>
        <StaleTag />
      </header>
      <div className="site-scroll" tabIndex={0} role="group" aria-label={t('sites.name')}>
        <table>
          <thead>
            <tr>
              <th scope="col" className="site-name">
                <span className="visually-hidden">{t('sites.site')}</span>
              </th>
              {grades.map((g) => (
                <th key={g} scope="col">
                  <Mark grade={g} look="filled" size={16} />
                  <span className="visually-hidden">{t(`word.grade.${g}`)}</span>
                </th>
              ))}
              <th scope="col" className="all">
                {t('sites.all')}
              </th>
              <th scope="col" className="last wide-only">
                {t('sites.last')}
              </th>
            </tr>
          </thead>
          <tbody>
            {lines.map((line) => (
              <tr key={line.id} className={line.id === at ? 'here' : ''}>
                <th scope="row" className="site-name">
                  <Ltr className="strong">{names.siteCode(line.id)}</Ltr> {names.siteName(line.id) || t('facts.noSite')}
                </th>
                {grades.map((g) => (
                  <td key={g}>
                    {line.by[g] === 0 ? (
                      <span className="quiet">·</span>
                    ) : (
                      <Ltr className={g === 's1' ? 'strong' : ''}>{count(line.by[g])}</Ltr>
                    )}
                  </td>
                ))}
                <td className="all strong">{count(line.all)}</td>
                <td className="last wide-only quiet">{line.last ? <Ltr>{localMinute(ms(line.last))}</Ltr> : '—'}</td>
              </tr>
            ))}
          </tbody>
          <tfoot>
            <tr>
              <th scope="row" className="site-name">
                {t('sites.total', { n: lines.length })}
              </th>
              {grades.map((g) => (
                <td key={g}>{count(sum((l) => l.by[g]))}</td>
              ))}
              <td className="all">{count(sum((l) => l.all))}</td>
              <td className="last wide-only" />
            </tr>
          </tfoot>
        </table>
      </div>
    </section>
  );
}
