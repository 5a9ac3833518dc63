import { useEffect } from 'react';
import { Refused } from '../api/http.js';
import { fetchIncident } from '../api/incidents.js';
import { CountBar } from '../bars/count-bar.js';
import { HealthStrip } from '../bars/health-strip.js';
import { BottomBar } from '../bars/interrupt-bar.js';
import { StaleBar } from '../bars/stale.js';
import { RaiseForm } from '../form/raise-form.js';
import { Help } from '../keyboard/help.js';
import { onKey } from '../keyboard/keys.js';
import { link } from '../live/link.js';
import { Queue } from '../queue/queue.js';
import { choose, startView, useView } from '../queue/view.js';
import { useWords } from '../queue/words.js';
import { startRinging } from '../sound/ring.js';
import { SiteTable } from '../teams/site-table.js';
import { TeamBoard } from '../teams/team-board.js';
import { GroupPane } from '../workspace/group-pane.js';
import { Quiet } from '../workspace/quiet.js';
import { keepRecordLive } from '../workspace/record.js';
import { useOpenIncident, Workspace } from '../workspace/workspace.js';
import { touch, useDesk } from './desk.js';
import { LiveRegion } from './live-region.js';
import { Settings } from './settings.js';
import { Tabs } from './tabs.js';
import { useNarrow } from './use-narrow.js';
import { watchForNames } from './watch.js';

/** The operator's desk: queue, workspace, sites and teams; bars above and below that never move. */
export function DeskScreen(): React.JSX.Element {
  const narrow = useNarrow();
  const { t } = useWords();
  useEffect(() => {
    void openWanted();
    const stops = [startView(), keepRecordLive(), startRinging(), watchForNames(), listen()];
    return () => stops.forEach((stop) => stop());
  }, []);
  return (
    <div className="desk">
      <HealthStrip />
      <CountBar />
      <StaleBar />
      <div className="desk-main">
        <Queue />
        <main className="pane middle" aria-label={t('workspace.name')} data-region="workspace">
          {narrow && <Tabs />}
          <Middle narrow={narrow} />
        </main>
        {!narrow && <Side />}
      </div>
      <BottomBar />
      <Settings />
      <Help />
      <LiveRegion />
    </div>
  );
}

/** With nothing open the sites stand in the middle, and the teams have the side to themselves. */
function Side(): React.JSX.Element {
  const { form, group } = useDesk();
  const busy = useOpenIncident() !== null || form || group !== null;
  return (
    <div className="side">
      {busy && <SiteTable />}
      <TeamBoard />
    </div>
  );
}

function Middle({ narrow }: { narrow: boolean }): React.JSX.Element {
  const { form, group, tab } = useDesk();
  const grouped = useView((s) => s.grouped);
  const incident = useOpenIncident();
  if (narrow && tab === 'teams') return <TeamBoard />;
  if (narrow && tab === 'sites') return <SiteTable />;
  if (form) return <RaiseForm />;
  if (group !== null && grouped) return <GroupPane />;
  return incident ? <Workspace narrow={narrow} tab={tab} /> : <Quiet />;
}

/** `/?incident=ID`, as pages and mails link to: opened once, whatever list it stands in. */
async function openWanted(): Promise<void> {
  const id = new URLSearchParams(location.search).get('incident');
  if (!id) return;
  history.replaceState(null, '', location.pathname);
  const incident = await fetchIncident(id).catch((error: unknown) => {
    if (error instanceof Refused) return null;
    throw error;
  });
  if (!incident) return;
  link.enter({ kind: 'row', incident });
  choose(incident.id);
}

/** Keys of the desk; a button pressed by pointer gives the keyboard back, so that Enter never repeats it. */
function listen(): () => void {
  const release = (e: MouseEvent): void => {
    const button = e.detail > 0 && e.target instanceof Element ? e.target.closest('button') : null;
    if (button && document.activeElement === button) button.blur();
  };
  document.addEventListener('keydown', touch, true);
  document.addEventListener('pointerdown', touch, true);
  document.addEventListener('keydown', onKey);
  document.addEventListener('click', release);
  return () => {
    document.removeEventListener('keydown', touch, true);
    document.removeEventListener('pointerdown', touch, true);
    document.removeEventListener('keydown', onKey);
    document.removeEventListener('click', release);
  };
}
