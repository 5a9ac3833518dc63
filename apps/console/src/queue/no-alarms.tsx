import { LiveAge } from '../bars/live-age.js';
import { localMinute } from '../i18n/times.js';
import { ms, useStale } from '../live/clock.js';
import { useDirectory } from '../people/directory.js';
import { useNames } from '../people/names.js';
import type { Incident } from '../wire.js';
import { useClosed } from './closed-list.js';
import { useWords } from './words.js';

/** An empty queue, said only with its proof: the last event and a live age. Without a heartbeat it is never said. */
export function NoAlarms(): React.JSX.Element {
  const { t } = useWords();
  const stale = useStale() >= 0;
  const names = useNames();
  const last = useClosed((s) => s.rows[0]);
  const sites = useDirectory((s) => s.sites.size);
  if (stale) {
    return (
      <div className="no-alarms">
        <p className="big">{t('empty.unknown')}</p>
        <p>{t('empty.unknownNote')}</p>
      </div>
    );
  }
  return (
    <div className="no-alarms">
      <p className="big">{t('empty.none')}</p>
      {last && (
        <p>
          {t('empty.last', {
            time: localMinute(ms(endOf(last))),
            site: `${names.siteCode(last.site)} ${names.siteName(last.site)}`.trim(),
          })}
        </p>
      )}
      <p>
        {t('bar.live')} <LiveAge />
        {sites > 0 && `, ${t('empty.sites', { n: sites })}`}
      </p>
    </div>
  );
}
const endOf = (i: Incident): string => i.closedAt ?? i.resolvedAt ?? i.openedAt;
