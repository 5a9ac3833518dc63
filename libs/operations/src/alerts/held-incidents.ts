import { classify } from '@tocsin/domain';
import type { Logger } from '@tocsin/telemetry';
import type { Context } from '../context.js';
import { isolatePoison, isStoresTrouble } from './isolate-poison.js';
import { type Merged, mergeInLine } from './merge-alerts.js';

/** Incidents waited for at once; each takes a connection. Every one more makes the transactions of all others longer. */
export const heldAtOnce = 3;
/** Incidents in line for that. */
const mostFound = 1_000;
/** Alerts of one incident that are known at once, and that are merged when its turn comes. */
const mostKnown = 1_000;
const mostAtOnce = 300;

/** Merges alerts of one incident when its turn has come: only then are they asked for. Answers what must wait for another incident. */
export type MergeHeld = (incident: string, ids: () => readonly string[]) => Promise<Merged['locked']>;

/** What was found of one incident: its alerts with their lanes, and the most urgent of these. */
interface Found {
  readonly alerts: Map<string, number>;
  lane: number;
}

/**
 * Alerts of incidents that somebody holds, of all lanes: merged apart, waiting in line as every writer does, while the
 * lanes go on with the others. The most urgent has its turn first; what is found while its incident is waited for takes
 * part in it. What finds no place here stays waiting in its row.
 */
export class HeldIncidents {
  private readonly found = new Map<string, Found>();
  private readonly apart = new Map<string, Promise<void>>();
  private isClosing = false;

  constructor(
    private readonly merge: MergeHeld,
    private readonly log: Logger,
  ) {}

  /** Those that are waited for just now. */
  get incidents(): ReadonlySet<string> {
    return new Set(this.apart.keys());
  }

  /** Their alerts: a sweep need not find them again and again. */
  get alerts(): readonly string[] {
    return [...this.apart.keys()].flatMap((incident) => this.alertsOf(incident));
  }

  /** All alerts that will have their turn here: nobody need wait for them in another way. */
  get queued(): readonly string[] {
    return [...this.found.keys()].flatMap((incident) => this.alertsOf(incident));
  }

  /** Beside those that were found before: replaced by newer ones, an alert of a hot incident would wait without end. */
  add(locked: ReadonlyMap<string, readonly string[]>, lane: number): void {
    for (const [incident, ids] of locked) {
      const known = this.found.get(incident) ?? { alerts: new Map<string, number>(), lane };
      if (known.alerts.size === 0 && this.found.size >= mostFound) continue;
      for (const id of ids) if (known.alerts.size < mostKnown) known.alerts.set(id, lane);
      known.lane = Math.min(known.lane, lane);
      this.found.set(incident, known);
    }
  }

  /** Goes on with what was added; to be called when the caller holds nothing of it any more. */
  begin(): void {
    if (this.isClosing) return;
    while (this.apart.size < heldAtOnce) {
      const incident = this.next();
      if (incident === undefined) return;
      this.apart.set(incident, this.wait(incident));
    }
  }

  /** Until nothing is waited for any more, or for so long: what is not merged waits in its row as before. */
  async settled(withinMs: number): Promise<void> {
    this.isClosing = true;
    let timer: NodeJS.Timeout | undefined;
    const deadline = new Promise<void>((resolve) => (timer = setTimeout(resolve, withinMs)));
    await Promise.race([Promise.all(this.apart.values()), deadline]);
    clearTimeout(timer);
  }

  private next(): string | undefined {
    let [next, urgency] = [undefined as string | undefined, Number.POSITIVE_INFINITY];
    for (const [incident, { lane }] of this.found)
      if (lane < urgency && !this.apart.has(incident)) [next, urgency] = [incident, lane];
    return next;
  }

  private async wait(incident: string): Promise<void> {
    const taken = new Set<string>();
    try {
      const locked = await this.merge(incident, () => {
        for (const id of this.alertsOf(incident).slice(0, mostAtOnce)) taken.add(id);
        return [...taken];
      });
      this.endTurn(incident, taken, locked);
    } catch (error) {
      const { code } = classify(error);
      // Its alerts wait in their rows; where the store fails everybody, so would those of the others.
      if (code === 'store-unavailable') this.found.clear();
      else this.found.delete(incident);
      this.log.warn('merge.held', { incidentId: incident, code });
    } finally {
      this.apart.delete(incident);
      this.begin();
    }
  }

  /** What was found after its turn had come goes to the end of the line; what another incident keeps waits for that one. */
  private endTurn(incident: string, taken: ReadonlySet<string>, locked: Merged['locked']): void {
    const alerts = this.found.get(incident)?.alerts ?? new Map<string, number>();
    this.found.delete(incident);
    for (const [id, lane] of alerts) if (!taken.has(id)) this.add(new Map([[incident, [id]]]), lane);
    for (const [other, ids] of locked) for (const id of ids) this.add(new Map([[other, [id]]]), alerts.get(id) ?? 0);
  }

  /** The most urgent first. */
  private alertsOf(incident: string): readonly string[] {
    const alerts = [...(this.found.get(incident)?.alerts ?? [])];
    return alerts.sort(([, a], [, b]) => a - b).map(([id]) => id);
  }
}

/** With an incident in hand, for anything else; see mergeInLine. */
const thenWaitMs = 250;

/** Held incidents whose alerts are merged by `context`. One that fails by its own data is left to the sweeper, which parks it. */
export function heldIncidents(context: Context, onMerged: (alerts: number) => void = () => undefined): HeldIncidents {
  const merge = async (incident: string, ids: () => readonly string[]): Promise<Merged['locked']> => {
    const merged = await mergeInLine(context, incident, ids, { lockWaitMs: thenWaitMs });
    onMerged(merged.ids.length);
    return merged.locked;
  };
  return new HeldIncidents(async (incident, ids) => {
    try {
      return await merge(incident, ids);
    } catch (error) {
      if (isStoresTrouble(classify(error).code)) throw error;
      await isolatePoison(ids(), {
        work: async (part) => void (await merge(incident, () => part)),
        park: async (id, code) => context.log.warn('merge.left', { alertId: id, code }),
      });
      return new Map();
    }
  }, context.log);
}
