import type { ActName, Assignment, AssignmentState, Incident, Role, User } from '../wire.js';

export const operatorActs: readonly ActName[] = [
  'acknowledge',
  'take',
  'release',
  'transfer',
  'dispatch',
  'recall',
  'stand-down',
  'accept',
  'decline',
  'en-route',
  'on-scene',
  'clear',
  'escalate',
  'regrade',
  'note',
  'resolve',
  'close',
  'reopen',
];
const responderActs: readonly ActName[] = ['acknowledge', 'accept', 'decline', 'en-route', 'on-scene', 'clear', 'note'];
const actsOf: Readonly<Record<Role, readonly ActName[]>> = {
  operator: operatorActs,
  commander: operatorActs,
  responder: responderActs,
  reviewer: [],
  admin: [],
};

const active: readonly AssignmentState[] = ['notified', 'accepted', 'en_route', 'on_scene'];
export const activeAssignments = (i: Incident): readonly Assignment[] =>
  (i.assignments ?? []).filter((a) => active.includes(a.state));

export interface Hand {
  readonly me: string;
  readonly acts: readonly ActName[];
  readonly commander: boolean;
  readonly stale: boolean;
}
/** The hand of a signed-in person; what the gateway says of his acts counts, else his roles do. */
export function handOf(user: User | null, stale: boolean): Hand {
  const roles = user?.roles ?? [];
  const acts = user?.acts ?? operatorActs.filter((act) => roles.some((role) => actsOf[role].includes(act)));
  return { me: user?.id ?? '', acts, commander: roles.includes('commander'), stale };
}

/** null: the act may be pressed. Otherwise why not, as a key of the glossary of refusals. */
export type Why = null | 'no-link' | 'role' | 'not-yours' | 'state' | 'nobody' | 'yours-already';

/** Whether a person may do an act on an incident as it is shown. The gateway decides again; this only spares a refusal. */
export function why(act: ActName, i: Incident, hand: Hand): Why {
  if (hand.stale) return 'no-link';
  if (!hand.acts.includes(act)) return 'role';
  return byState(act, i, hand);
}

function byState(act: ActName, i: Incident, hand: Hand): Why {
  const live = i.state === 'open' || i.state === 'acknowledged';
  switch (act) {
    case 'note':
      return null;
    case 'acknowledge':
      return i.state === 'open' ? null : 'state';
    case 'take':
      if (i.state === 'acknowledged' && i.owner === hand.me) return 'yours-already';
      return live ? null : 'state';
    case 'release':
      return !live || i.owner === null ? 'state' : ownOrCommander(i, hand);
    case 'stand-down':
      return !live ? 'state' : activeAssignments(i).length > 0 ? null : 'nobody';
    case 'decline':
    case 'en-route':
    case 'on-scene':
    case 'clear':
      return live && activeAssignments(i).length > 0 ? null : 'nobody';
    case 'close':
      return i.state === 'resolved' ? ownOrCommander(i, hand) : 'state';
    case 'reopen':
      return i.state === 'resolved' || i.state === 'closed' ? ownOrCommander(i, hand) : 'state';
    default:
      return live ? null : 'state';
  }
}

const ownOrCommander = (i: Incident, hand: Hand): Why =>
  i.owner === null || i.owner === hand.me || hand.commander ? null : 'not-yours';

/** What a responder's own assignment lets him press next: the forward acts, in order. */
export function nextOfMine(mine: Assignment | undefined): readonly ActName[] {
  switch (mine?.state) {
    case undefined:
    case 'notified':
      return ['accept', 'decline'];
    case 'accepted':
      return ['en-route', 'on-scene', 'clear'];
    case 'en_route':
      return ['on-scene', 'clear'];
    case 'on_scene':
      return ['clear'];
    default:
      return [];
  }
}

/** The act that undoes a slip, within its ten seconds. */
export function undoOf(
  act: ActName,
  before: Incident,
): { readonly act: ActName; readonly body: Readonly<Record<string, unknown>> } | null {
  switch (act) {
    case 'take':
      return before.owner ? { act: 'transfer', body: { to: before.owner } } : { act: 'release', body: {} };
    case 'acknowledge':
      return { act: 'release', body: {} };
    case 'dispatch':
      return { act: 'recall', body: {} };
    case 'resolve':
      return { act: 'reopen', body: {} };
    case 'regrade':
      return { act: 'regrade', body: { severity: before.severity } };
    case 'transfer':
      return before.owner ? { act: 'transfer', body: { to: before.owner } } : null;
    default:
      return null;
  }
}
