import { Verb } from '../acts/verb.js';
import { raise } from '../keyboard/commands.js';
import { useStale } from '../live/clock.js';
import { useLive } from '../live/store.js';
import { useView } from '../queue/view.js';
import { useWords } from '../queue/words.js';
import { SiteTable } from '../teams/site-table.js';

/** With nothing open: the sites, as the proof that silence is silence. */
export function Quiet(): React.JSX.Element {
  const { t } = useWords();
  const loaded = useLive((s) => s.loaded);
  const open = useView((s) => s.counts.open);
  const stale = useStale() >= 0;
  if (!loaded) return <div className="quiet-pane" />;
  return (
    <div className="quiet-pane">
      <SiteTable />
      <div className="rail">
        <span className="second">{stale ? t('empty.unknownNote') : open === 0 ? t('empty.none') : t('empty.choose')}</span>
        <span className="rail-gap" />
        <Verb label={t('form.raise')} onPress={raise} />
      </div>
    </div>
  );
}
