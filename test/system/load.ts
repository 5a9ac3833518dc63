import { postAlerts } from './alerts';
import type { System } from './run-system';

export interface LoadOptions {
  readonly perSecond: number;
  readonly seconds: number;
  /** The alert number `n`; its key must be its own. */
  readonly alert: (n: number) => Record<string, unknown>;
}

export interface Load {
  /** key -> alert ids answered (one, if all is well). */
  readonly accepted: Map<string, Set<string>>;
  /** Keys that no retry has brought home yet. */
  readonly open: Set<string>;
  refusals: Map<string, number>;
  done: Promise<void>;
}

/**
 * Single alerts at a steady rate. A sender that hears anything but 202 repeats the same alert until it does, as a panel
 * would: what was answered 202 must be there, what was not may be.
 */
export function startLoad(system: System, { perSecond, seconds, alert }: LoadOptions): Load {
  const load: Load = { accepted: new Map(), open: new Set(), refusals: new Map(), done: Promise.resolve() };
  const total = Math.floor(perSecond * seconds);
  const startedAt = performance.now();
  const senders: Promise<void>[] = [];
  let sent = 0;
  load.done = new Promise((resolve) => {
    const timer = setInterval(() => {
      const due = Math.min(total, Math.floor(((performance.now() - startedAt) / 1_000) * perSecond));
      for (; sent < due; sent += 1) senders.push(sendUntilAccepted(system, load, alert(sent)));
      if (sent < total) return;
      clearInterval(timer);
      void Promise.all(senders).then(() => resolve());
    }, 10);
  });
  return load;
}

async function sendUntilAccepted(system: System, load: Load, alert: Record<string, unknown>): Promise<void> {
  const key = String(alert['key']);
  load.open.add(key);
  for (let attempt = 0; attempt < 400; attempt += 1) {
    const outcome = await attemptOnce(system, alert);
    if (typeof outcome !== 'string') {
      load.accepted.set(key, (load.accepted.get(key) ?? new Set()).add(outcome.id));
      load.open.delete(key);
      return;
    }
    load.refusals.set(outcome, (load.refusals.get(outcome) ?? 0) + 1);
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
}

async function attemptOnce(system: System, alert: Record<string, unknown>): Promise<{ id: string } | string> {
  try {
    const { status, alerts } = await postAlerts(system, alert);
    const first = alerts[0];
    return status === 202 && first ? { id: first.id } : String(status);
  } catch (error) {
    return error instanceof Error ? error.name : 'unknown';
  }
}
