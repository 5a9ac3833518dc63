import { create } from 'zustand';
import { Refused } from '../api/http.js';
import { act as send } from '../api/incidents.js';
import { clock } from '../live/clock.js';
import { link } from '../live/link.js';
import { useLive } from '../live/store.js';
import { useSession } from '../sign-in/session.js';
import type { ActName, Incident } from '../wire.js';
import { newKey } from './new-key.js';
import { undoOf } from './verbs.js';

/** A slip can be undone for this long; recall is the gateway's own limit. */
export const UNDO_MS = 10_000;
const RESENDS = 2;

export interface Pending {
  readonly act: ActName;
  readonly since: number;
}
/** What became of the last act on an incident, in words until the next one. */
export interface Outcome {
  readonly kind: 'refused' | 'race' | 'offline';
  readonly act: ActName;
  readonly code: string;
  readonly by: string | null;
  readonly otherId: string | null;
}
export interface Undo {
  readonly incidentId: string;
  readonly number: string;
  readonly did: ActName;
  readonly act: ActName;
  readonly body: Readonly<Record<string, unknown>>;
  /** Monotonic ms. */
  readonly until: number;
}

interface Acts {
  readonly pending: Readonly<Record<string, Pending>>;
  readonly outcome: Readonly<Record<string, Outcome>>;
  readonly undo: Undo | null;
}
export const useActs = create<Acts>(() => ({ pending: {}, outcome: {}, undo: null }));
const set = useActs.setState;

/** Acts on one incident go one after the other, so that Enter, D in one breath keep their order. */
const chains = new Map<string, Promise<boolean>>();

/** Sends one act. True when it stands. Never throws for a refusal: the words show where the act was pressed. */
export function perform(
  incident: Incident,
  act: ActName,
  body: Readonly<Record<string, unknown>> = {},
): Promise<boolean> {
  const id = incident.id;
  const before = chains.get(id) ?? Promise.resolve(true);
  const mine = before.then(() => attempt(useLive.getState().world.incidents.get(id) ?? incident, act, body));
  chains.set(id, mine);
  void mine.finally(() => chains.get(id) === mine && chains.delete(id));
  return mine;
}

async function attempt(incident: Incident, act: ActName, body: Readonly<Record<string, unknown>>): Promise<boolean> {
  const { id } = incident;
  const key = newKey();
  if (clock.stale()) return refuse(id, { kind: 'offline', act, code: 'no-link', by: null, otherId: null });
  const { [id]: _old, ...outcome } = useActs.getState().outcome;
  set({ pending: { ...useActs.getState().pending, [id]: { act, since: performance.now() } }, outcome });
  try {
    const row = await resend(() => send(id, act, body, key), RESENDS);
    if (row) link.enter({ kind: 'row', incident: row });
    else link.ask([id]);
    remember(incident, act);
    return true;
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return met(incident, act, error);
  } finally {
    const { [id]: _done, ...pending } = useActs.getState().pending;
    set({ pending });
  }
}

/** The same press again, under the same key, while nobody answers. */
async function resend<T>(send: () => Promise<T>, left: number): Promise<T> {
  try {
    return await send();
  } catch (error) {
    if (error instanceof Refused && error.code === 'offline' && left > 0 && !clock.stale())
      return resend(send, left - 1);
    throw error;
  }
}

function met(before: Incident, act: ActName, error: Refused): boolean {
  const current = error.body.incident ?? null;
  if (current) link.enter({ kind: 'row', incident: current });
  else link.ask([before.id]);
  const me = useSession.getState().user?.id ?? null;
  const raced =
    (act === 'take' || act === 'acknowledge') && error.status === 409 && current?.owner && current.owner !== me;
  const kind = error.code === 'offline' ? 'offline' : raced ? 'race' : 'refused';
  return refuse(before.id, {
    kind,
    act,
    code: error.code,
    by: current?.owner ?? null,
    otherId: error.body.incidentId ?? null,
  });
}

function refuse(id: string, outcome: Outcome): false {
  set({ outcome: { ...useActs.getState().outcome, [id]: outcome } });
  return false;
}

/** After these there is nothing left to take back; a note or a word from the radio leaves the undo open. */
const settling = new Set<ActName>(['release', 'recall', 'stand-down', 'close', 'reopen']);
let undoTimer: ReturnType<typeof setTimeout> | undefined;
function remember(before: Incident, did: ActName): void {
  const undo = undoOf(did, before);
  if (!undo) {
    if (settling.has(did) && useActs.getState().undo?.incidentId === before.id) set({ undo: null });
    return;
  }
  clearTimeout(undoTimer);
  set({ undo: { incidentId: before.id, number: before.number, did, ...undo, until: performance.now() + UNDO_MS } });
  undoTimer = setTimeout(() => set({ undo: null }), UNDO_MS);
}

/** Z: takes the last act back, whichever incident it was on. */
export function undoLast(): void {
  const { undo } = useActs.getState();
  const incident = undo && useLive.getState().world.incidents.get(undo.incidentId);
  if (!undo || !incident) return;
  set({ undo: null });
  void perform(incident, undo.act, undo.body).then(() => set({ undo: null }));
}

/** What a person pressed while nobody answered stays visible; a note keeps its text in the field. */
export const clearOutcome = (id: string): void => {
  const { [id]: _gone, ...outcome } = useActs.getState().outcome;
  set({ outcome });
};
