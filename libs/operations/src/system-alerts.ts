import type { Instant } from '@tocsin/domain';
import { clockNow, insertSystemAlerts, transaction, type Tx } from '@tocsin/store';
import type { Context } from './context.js';

export interface SystemCause {
  /** Stable code, the key of the alert: `service-missing`, `alert-parked`, `channel-not-configured` ... */
  readonly cause: string;
  readonly subject: string;
  readonly params: Readonly<Record<string, string | number>>;
}

const everyMs = 10_000;
/** Subjects may be incidents: beyond this many marks those that hold nothing back any more are forgotten. */
const mostMarks = 1_000;

/**
 * What this process has raised lately: at most one alert per cause, subject and 10 s, the next one with the count of
 * those that were held back. A mark is set after COMMIT, so that what was rolled back is raised by whoever comes next;
 * two transactions under way at once may therefore both raise.
 */
export class SystemMarks {
  private readonly marks = new Map<string, { at: number; held: number }>();

  constructor(private readonly now: () => number = () => performance.now()) {}

  /** Of these, given in their order, what is to be raised now. `committed` is to be called after COMMIT, and only then. */
  admit<T extends SystemCause>(
    causes: readonly T[],
  ): { readonly raised: ReadonlyMap<T, number>; readonly committed: () => void } {
    const raised = new Map<T, number>();
    const first = new Map<string, T>();
    const held = new Map<string, number>();
    for (const cause of causes) {
      const key = keyOf(cause);
      const leader = first.get(key);
      if (leader !== undefined) {
        raised.set(leader, (raised.get(leader) ?? 0) + 1);
      } else if (this.holdsBack(key)) {
        held.set(key, (held.get(key) ?? 0) + 1);
      } else {
        first.set(key, cause);
        raised.set(cause, this.marks.get(key)?.held ?? 0);
      }
    }
    return { raised, committed: () => this.mark([...first.keys()], held) };
  }

  private holdsBack(key: string): boolean {
    const mark = this.marks.get(key);
    return mark !== undefined && this.now() - mark.at < everyMs;
  }

  private mark(raised: readonly string[], held: ReadonlyMap<string, number>): void {
    for (const key of raised) this.marks.set(key, { at: this.now(), held: 0 });
    for (const [key, count] of held) {
      const mark = this.marks.get(key);
      if (mark !== undefined) mark.held += count;
    }
    if (this.marks.size <= mostMarks) return;
    for (const key of this.marks.keys()) if (!this.holdsBack(key)) this.marks.delete(key);
  }
}

const keyOf = ({ cause, subject }: SystemCause): string => `${cause}\n${subject}`;

/** Of this process. */
export const systemMarks = new SystemMarks();
/** Being raised just now, by cause and subject: a second caller waits for the first instead of raising as well. */
const underWay = new Map<string, Promise<unknown>>();

/** The product's own fault becomes an alert of the built-in source `system`, throttled by this process's marks. */
export async function raiseSystemAlert(context: Pick<Context, 'pool' | 'log'>, cause: SystemCause): Promise<void> {
  const key = keyOf(cause);
  for (let first = underWay.get(key); first !== undefined; first = underWay.get(key))
    await first.catch(() => undefined);
  const { raised, committed } = systemMarks.admit([cause]);
  const held = raised.get(cause);
  if (held === undefined) return committed();
  const work = transaction(context.pool, async (tx) => {
    await insertSystemAlerts(tx, await clockNow(tx), [{ ...cause, params: { ...cause.params, held } }]);
  });
  underWay.set(key, work);
  try {
    // crash-point: system-alert.before-commit
    await work;
  } finally {
    underWay.delete(key);
  }
  // crash-point: system-alert.after-commit
  committed();
  context.log.error('system.alert', { cause: cause.cause, subject: cause.subject, ...cause.params });
}

/**
 * The same within the transaction that brings the fault about: a process that is killed after its COMMIT could not say it
 * any more. Answers what is to be called after COMMIT, and only then.
 */
export async function raiseWithin(
  { log }: Pick<Context, 'log'>,
  tx: Tx,
  { now, causes }: { readonly now: Instant; readonly causes: readonly SystemCause[] },
): Promise<() => void> {
  const { raised, committed } = systemMarks.admit(causes);
  const alerts = [...raised].map(([cause, held]) => ({ ...cause, params: { ...cause.params, held } }));
  await insertSystemAlerts(tx, now, alerts);
  return () => {
    committed();
    for (const { cause, subject, params } of alerts) log.error('system.alert', { cause, subject, ...params });
  };
}
