import { flushSync } from 'react-dom';
import { perform, undoLast } from '../acts/perform.js';
import { type Hand, handOf, why } from '../acts/verbs.js';
import { isNarrow } from '../desk/use-narrow.js';
import { openForm, openGroup, select, showPanel, showTab, useDesk } from '../desk/desk.js';
import { clock } from '../live/clock.js';
import { useLive } from '../live/store.js';
import { mayActByKey } from '../queue/press.js';
import { choose, useView, walk } from '../queue/view.js';
import { useSession } from '../sign-in/session.js';
import { armSound, silence } from '../sound/sound.js';
import type { ActName, Incident } from '../wire.js';
import { useDirectory } from '../people/directory.js';
import { dispatchTarget, sendables } from '../workspace/plan.js';
import { takeGroup } from '../workspace/take-group.js';

/** What the desk can be told to do, by key or by button: one act, one function. */
const openIncident = (): Incident | null => {
  const { selected } = useDesk.getState();
  return selected ? (useLive.getState().world.incidents.get(selected) ?? null) : null;
};
const hand = (): Hand => handOf(useSession.getState().user, clock.stale());
/** The act, if it may be pressed at all; the gateway has the last word. */
function doIt(act: ActName, incident: Incident | null): void {
  if (incident && !why(act, incident, hand())) void perform(incident, act);
}

/** Enter: takes what is open; a row too new to have been read is refused in words. In a flood it takes the group. */
export function takeOpen(at: number): void {
  const { group } = useDesk.getState();
  if (group !== null) return void takeGroup(group);
  const incident = openIncident();
  if (!incident || !mayActByKey(incident.id, at)) return;
  if (why('take', incident, hand())) return;
  useDesk.setState({ auto: false });
  void perform(incident, 'take', { expectedVersion: incident.version });
}

/** F2: takes the S1 that the bar shows and opens it beside whatever was open. */
export function takeInterrupt(at: number): void {
  const first = useView.getState().interrupts[0];
  if (!first || !mayActByKey(first.id, at)) return;
  choose(first.id);
  useDesk.setState({ form: false });
  if (!why('take', first, hand())) void perform(first, 'take', { expectedVersion: first.version });
}

/** D: the on-duty members of the routed team, at once; the next free team when they are all on it already. */
export function dispatchRouted(at = performance.now()): void {
  const incident = openIncident();
  if (!incident || !mayActByKey(incident.id, at)) return;
  const target = dispatchTarget(sendables(useDirectory.getState().teams, incident), incident);
  if (target === null) return showPanel('dispatch');
  if (!why('dispatch', incident, hand())) void perform(incident, 'dispatch', target.body);
}

export const acknowledgeOpen = (at: number): void => {
  const incident = openIncident();
  if (incident && mayActByKey(incident.id, at)) doIt('acknowledge', incident);
};
export const escalateOpen = (): void => doIt('escalate', openIncident());
export const standDownOpen = (): void => doIt('stand-down', openIncident());
export const undo = (): void => undoLast();

/** X: an open incident is resolved with its disposition first; a resolved one is closed. */
export function resolveOrClose(): void {
  const incident = openIncident();
  if (!incident) return;
  if (incident.state === 'open' || incident.state === 'acknowledged') {
    if (!why('resolve', incident, hand())) showPanel('resolve');
  } else doIt('close', incident);
}

/** G: the next untaken after the open one, round and round. */
export function nextUntaken(): void {
  const view = useView.getState();
  const rows = (view.grouped ? view.lane : view.lists.untaken).filter((i) => i.state === 'open');
  const at = rows.findIndex((i) => i.id === useDesk.getState().selected);
  const next = rows[(at + 1) % rows.length];
  if (next) choose(next.id);
}

/** J and K: one row down or up, through the lists in their order, groups at the end of a flood. */
export function step(by: 1 | -1): void {
  const view = useView.getState();
  const { selected, group } = useDesk.getState();
  const rows: readonly { id: string; group: boolean }[] = [
    ...walk(view).flatMap(({ rows: list }) => list.map((i) => ({ id: i.id, group: false }))),
    ...view.groups.map((g) => ({ id: g.key, group: true })),
  ];
  const at = rows.findIndex((r) => r.id === (group ?? selected));
  const next = rows[at < 0 ? 0 : Math.min(rows.length - 1, Math.max(0, at + by))];
  if (!next) return;
  if (next.group) openGroup(next.id);
  else choose(next.id);
}

/** N: the field has the keyboard before this returns, so that no letter of the note is taken for a verb. */
export function writeNote(): void {
  flushSync(() => useDesk.setState({ tab: 'incident', form: false }));
  document.getElementById('note-field')?.focus();
}
/** I: the first field has the keyboard before this returns. */
export const raise = (): void => flushSync(openForm);
/** T, M, L: on a narrow desk the tab, there and back; on a wide one the pane that already stands there gets the keyboard. */
function show(tab: 'teams' | 'sites' | 'timeline', box: string): void {
  if (isNarrow()) showTab(useDesk.getState().tab === tab ? 'incident' : tab);
  else document.querySelector<HTMLElement>(box)?.focus();
}
export const showTeams = (): void => show('teams', '.team-rows');
export const showSites = (): void => show('sites', '.site-scroll');
export const showLog = (): void => show('timeline', '.timeline-rows');
export const toggleHelp = (): void => useDesk.setState({ help: !useDesk.getState().help });
export const silenceSound = (): void => {
  void armSound();
  silence();
};
export const deselect = (): void => select(null);
