import { Verb } from '../acts/verb.js';
import { StaleTag } from '../bars/stale.js';
import { localMinute } from '../i18n/times.js';
import { raise } from '../keyboard/commands.js';
import { ms, useStale } from '../live/clock.js';
import { useLive } from '../live/store.js';
import { useDirectory } from '../people/directory.js';
import { useNames } from '../people/names.js';
import { Ltr } from '../queue/age.js';
import { useClosed } from '../queue/closed-list.js';
import { isLive } from '../queue/sections.js';
import { useView } from '../queue/view.js';
import { titleOf, useWords } from '../queue/words.js';
import type { Incident } from '../wire.js';

/** With nothing open: every site with its last event, as the proof that silence is silence. */
export function Quiet(): React.JSX.Element {
  const { t } = useWords();
  const loaded = useLive((s) => s.loaded);
  const open = useView((s) => s.counts.open);
  const stale = useStale() >= 0;
  if (!loaded) return <div className="quiet-pane" />;
  return (
    <div className={`quiet-pane${stale ? ' is-stale' : ''}`}>
      <header className="pane-head">
        <h2>{t('sites.name')}</h2>
        <span className="quiet">{t('sites.silence')}</span>
        <StaleTag />
      </header>
      <SiteSilence />
      <div className="rail">
        <span className="second">
          {stale ? t('empty.unknownNote') : open === 0 ? t('empty.none') : t('empty.choose')}
        </span>
        <span className="rail-gap" />
        <Verb label={t('form.raise')} onPress={raise} />
      </div>
    </div>
  );
}

function SiteSilence(): React.JSX.Element {
  const { t } = useWords();
  const names = useNames();
  const sites = useDirectory((s) => s.sites);
  const world = useLive((s) => s.world);
  const closed = useClosed((s) => s.rows);
  const rows = [...world.incidents.values(), ...closed];
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard
    <div className="site-scroll silence" tabIndex={0} role="group" aria-label={t('sites.name')}>
      <table>
        <thead>
          <tr>
            <th scope="col">{t('sites.site')}</th>
            <th scope="col" className="end">
              {t('sites.open')}
            </th>
            <th scope="col" className="end">
              {t('sites.lastEvent')}
            </th>
            <th scope="col">{t('facts.what')}</th>
          </tr>
        </thead>
        <tbody>
          {[...sites.values()].map((site) => {
            const last = lastOf(rows, site.id);
            return (
              <tr key={site.id}>
                <th scope="row">
                  <Ltr className="strong">{site.code}</Ltr> {names.text(site.name)}
                </th>
                <td className="end">{rows.filter((i) => i.site === site.id && isLive(i)).length}</td>
                <td className="end">{last ? <Ltr>{localMinute(ms(last.openedAt))}</Ltr> : '—'}</td>
                <td className="quiet">
                  <bdi>{last ? titleOf(t, last.title) : t('sites.nothing')}</bdi>
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

function lastOf(rows: readonly Incident[], site: string): Incident | undefined {
  return rows.filter((i) => i.site === site).sort((a, b) => ms(b.openedAt) - ms(a.openedAt))[0];
}
