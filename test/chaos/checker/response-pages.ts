import type { RunRow } from '../dumps/shapes';
import type { Context } from './context';
import { grouped } from './context';
import { type Ladder, ladderKey } from './ladders';
import { roundingMs } from './step-times';

/**
 * A response run pages its person at 0, 60, 120 s (as configured) until it ends: its timers stand at those times, and each
 * that fired made a page. One that was accepted unsent ended as it began.
 */
export function* responseFaults(
  context: Context,
  ladders: ReadonlyMap<string, Ladder>,
): Generator<{ incident: string; what: string }> {
  const { timers, assignments } = context.dumps.sql;
  const timersOf = grouped(
    timers.filter(({ kind }) => kind === 'response-page'),
    ({ run }) => run ?? undefined,
  );
  for (const { incident, person, run: id } of assignments) {
    const run = context.runs.get(id);
    if (run === undefined || isOverAtOnce(run)) continue;
    const own = timersOf.get(id) ?? [];
    for (const [index, afterS] of context.scene.timing.responsePagesS.entries()) {
      const step = index + 1;
      const timer = own.find(({ ordinal }) => ordinal === step);
      const off = (timer?.dueAt ?? Number.NaN) - run.startedAt - afterS * 1_000;
      if (!(Math.abs(off) <= roundingMs)) yield { incident, what: `response ${id} has no page due after ${afterS} s` };
      const page = ladderKey({ incident, run: id, kind: 'response', notice: null, step, repeat: 0, target: person });
      const isReachable = context.scene.people.some((one) => one.id === person && one.contacts.length > 0);
      if (timer?.state === 'fired' && isReachable && !ladders.has(page))
        yield { incident, what: `response ${id} paged ${person} by nothing at its time ${step}` };
    }
  }
}

const isOverAtOnce = ({ startedAt, endedAt }: RunRow): boolean => endedAt !== null && endedAt - startedAt <= roundingMs;
