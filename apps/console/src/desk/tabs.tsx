import { Key } from '../keyboard/key.js';
import { useDirectory } from '../people/directory.js';
import { useWords } from '../queue/words.js';
import { teamState } from '../teams/team-state.js';
import { useRecord } from '../workspace/record.js';
import { showTab, type Tab, useDesk } from './desk.js';

const tabs: readonly (readonly [Tab, string | null])[] = [
  ['incident', null],
  ['sites', 'KeyM'],
  ['teams', 'KeyT'],
  ['timeline', 'KeyL'],
];

/** What stands beside the incident on a wide desk is one key away on a narrow one. */
export function Tabs(): React.JSX.Element {
  const { t } = useWords();
  const open = useDesk((s) => s.tab);
  const teams = useDirectory((s) => s.teams);
  const events = useRecord((s) => s.open?.events.length ?? 0);
  return (
    <div className="tabs">
      <div role="tablist" aria-label={t('tabs.name')}>
        {tabs.map(([tab, key]) => (
          <button
            key={tab}
            type="button"
            role="tab"
            aria-selected={open === tab}
            className="tab"
            onClick={() => showTab(tab)}
          >
            {t(`tabs.${tab}`)}
            {tab === 'timeline' && events > 0 && ` ${events}`} {key && <Key of={key} />}
          </button>
        ))}
      </div>
      <span className="quiet head-end">
        {t('teams.ready', { n: teams.filter((x) => teamState(x) === 'ready').length, of: teams.length })}
      </span>
    </div>
  );
}
