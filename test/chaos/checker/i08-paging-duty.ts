import type { EventRow, IncidentRow, NotificationRow } from '../dumps/shapes';
import type { Context } from './context';
import { deadlineOf } from './disturbance';
import { type Check, Findings } from './finding';
import { isReached, type Ladder, ladderKey, laddersOf, waysOf } from './ladders';
import { targetsOf } from './oracles';
import { responseFaults } from './response-pages';
import { isPaceFull, namedBy, waitsSince } from './pace-rule';
import { policyOf } from './plan';
import { ordinalOf } from './step-times';

/** A channel's deadline, what it takes to call it lost, and the second call. */
const callMs = 30_000;
/** From being due to being claimed, beyond the 2 s of everything that is due. */
const momentMs = 8_000;

/**
 * I8 paging duty: each (escalation.step, responder whom the roster oracle names) has a page, and it ends in delivered |
 * accepted | superseded by an act | `suppressed: coalesced into` one that does | exhausted, this only when all of his ways
 * were tried. Waiting at the end is right for pace alone.
 */
export const pagingDuty: Check = (context) => {
  const findings = new Findings('I8');
  const ladders = laddersOf(context.dumps.sql.notifications);
  for (const log of context.logs.values()) {
    for (const run of log.runs) {
      for (const event of run.steps) {
        const wanted = wantedOf(context, run.id, event);
        const told = new Set(((event.data?.['targets'] ?? []) as { id: string }[]).map(({ id }) => id));
        for (const target of wanted ?? told) {
          findings.look();
          const [step, repeat] = [ordinalOf(event), Number(event.data?.['repeat'])];
          const key = ladderKey({ incident: log.id, run: run.id, kind: 'page', notice: null, step, repeat, target });
          if (!ladders.has(key) && hasContact(context, target))
            findings.violate(log.id, `step ${step} (repeat ${repeat}) of run ${run.id} paged ${target} by nothing`);
        }
        for (const target of told)
          if (wanted?.has(target) === false)
            findings.violate(
              log.id,
              `step ${ordinalOf(event)} of run ${run.id} means ${target}, who is none of its targets`,
            );
      }
    }
  }
  for (const { incident, what } of responseFaults(context, ladders)) findings.violate(incident, what);
  for (const ladder of ladders.values()) {
    findings.look();
    const fault = ladderFault(context, ladder);
    const [first] = ladder as [NotificationRow];
    if (fault !== undefined)
      findings.violate(first.incident, `${first.kind} ${first.id} to ${first.target}, step ${first.step}, ${fault}`);
  }
  return findings;
};

function wantedOf(context: Context, run: string, event: EventRow): Set<string> | undefined {
  const row = context.runs.get(run);
  const step = row && policyOf(context.scene, row)?.steps[ordinalOf(event) - 1];
  return step && targetsOf(context.scene, step);
}

/** Channels are their own address; somebody without one is I17's. */
function hasContact({ scene }: Context, target: string): boolean {
  const person = scene.people.find(({ id, slug }) => (id ?? slug) === target);
  return person === undefined || person.contacts.length > 0;
}

function ladderFault(context: Context, ladder: Ladder): string | undefined {
  if (ladder.some((page) => isReached(context, page))) return undefined;
  const last = ladder.at(-1) as NotificationRow;
  if (last.state === 'waiting') return waitingFault(context, last);
  if (last.state === 'suppressed') return suppressionFault(context, last);
  if (last.state !== 'failed') return sentFault(context, last);
  const run = context.runs.get(last.run ?? '');
  // What nobody is waiting for any more is not tried further: a notice, or a page of a run that was stopped.
  if (run?.state !== 'running') return undefined;
  const ways = waysOf(context, last);
  return ladder.length < ways ? `failed after ${ladder.length} of ${ways} ways` : undefined;
}

/** Claimed and not yet answered is right for as long as a call may take. */
function sentFault({ dumps }: Context, { state, changedAt }: NotificationRow): string | undefined {
  return dumps.sql.now - changedAt < callMs ? undefined : `is ${state}, and no provider ever took it`;
}

/** It waits for pace, or for a moment: a slot that has just become free counts as taken for as long. */
function waitingFault(context: Context, page: NotificationRow): string | undefined {
  if (!context.isTimed(page.incident)) return undefined;
  const { now } = context.dumps.sql;
  const isFull = isPaceFull(context, page, now) || isPaceFull(context, page, now - momentMs);
  if (isFull && page.severity !== 'critical') return undefined;
  const since = waitsSince(context, page);
  const soon = deadlineOf(context.windows, context.toMonotonic(since)) + momentMs;
  const over = context.toMonotonic(now) - (isFull ? namedBy(context, since) : soon);
  return over > 0 ? `still waits, ${((now - since) / 1_000).toFixed(1)} s after it could have gone` : undefined;
}

function suppressionFault(context: Context, page: NotificationRow): string | undefined {
  const code = page.reason?.code;
  const run = context.runs.get(page.run ?? '');
  const isOver = run !== undefined && run.state !== 'running';
  switch (code) {
    case 'run-held':
    case 'run-ended':
    case 'page-run-over':
      return isOver ? undefined : `is suppressed (${code}), and its run is running`;
    case 'coalesced':
      return coalescedFault(context, page);
    case 'silenced':
    case 'page-arrived-below':
      return undefined;
    case 'info-never-pages':
      return (context.incidents.get(page.incident) as IncidentRow | undefined)?.severity === 'info'
        ? undefined
        : `is suppressed (${code}) on an incident that is no information`;
    default:
      return `is suppressed without a known reason (${code})`;
  }
}

/** It ends as the one does that it was gathered into: of the same person, and not gathered further itself. */
function coalescedFault({ notifications }: Context, page: NotificationRow): string | undefined {
  const params = (page.reason as { params?: { into?: string } } | null)?.params;
  const into = notifications.get(params?.into ?? '');
  if (into === undefined) return `is coalesced into ${params?.into}, which does not exist`;
  if (into.target !== page.target || into.incident !== page.incident) return `is coalesced into ${into.id}, of another`;
  return into.reason?.code === 'coalesced' ? `is coalesced into ${into.id}, which is coalesced itself` : undefined;
}
