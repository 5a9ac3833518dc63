import { useEffect } from 'react';
import { type Tab, useDesk } from '../desk/desk.js';
import { useTall } from '../desk/use-narrow.js';
import { useStale } from '../live/clock.js';
import { useLive } from '../live/store.js';
import type { Incident } from '../wire.js';
import { Countdown } from './countdown.js';
import { DispatchBlock } from './dispatch-block.js';
import { Facts } from './facts.js';
import { Header } from './header.js';
import { NoteLine } from './note-line.js';
import { Paged } from './paged.js';
import { ProofTable } from './proof-table.js';
import { openRecord } from './record.js';
import { Ruler } from './ruler-line.js';
import { Timeline } from './timeline.js';
import { ActPanel } from './act-panel.js';
import { VerbRail } from './verb-rail.js';

/** The incident that is open, from the server's row; null when the desk knows none of that id. */
export function useOpenIncident(): Incident | null {
  const id = useDesk((s) => s.selected);
  return useLive((s) => (id ? (s.world.incidents.get(id) ?? null) : null));
}

const STOPS_MS = 80;

/** One incident: what, where, its clock, who is told, what the machine does next, the log, and the verbs. */
export function Workspace({ narrow, tab }: { narrow: boolean; tab: Tab }): React.JSX.Element | null {
  const incident = useOpenIncident();
  const id = incident?.id ?? null;
  // A hand that walks through rows asks for the log of the one where it stops.
  useEffect(() => {
    const timer = setTimeout(() => openRecord(id), STOPS_MS);
    return () => clearTimeout(timer);
  }, [id]);
  const stale = useStale() >= 0;
  if (!incident) return null;
  return (
    <div className={`workspace${stale ? ' is-stale' : ''}`}>
      <div className="workspace-scroll">
        <Header incident={incident} />
        <Ruler incident={incident} />
        {narrow && tab === 'timeline' ? <Timeline incident={incident} /> : <Body incident={incident} narrow={narrow} />}
      </div>
      <div className="workspace-foot">
        {narrow && <Countdown incident={incident} narrow={narrow} />}
        <ActPanel incident={incident} />
        <VerbRail incident={incident} narrow={narrow} />
      </div>
    </div>
  );
}

function Body({ incident, narrow }: { incident: Incident; narrow: boolean }): React.JSX.Element {
  const tall = useTall();
  return (
    <>
      <div className="facts-plan">
        <div className="facts-side">
          <Facts incident={incident} />
          <Paged incident={incident} narrow={narrow} />
        </div>
        <DispatchBlock incident={incident} narrow={narrow} />
      </div>
      <ProofTable incident={incident} />
      {!narrow && <Countdown incident={incident} narrow={narrow} />}
      {!narrow && <NoteLine incident={incident} />}
      {(!narrow || tall) && <Timeline incident={incident} />}
    </>
  );
}
