import { classify } from '@tocsin/domain';
import type { Logger } from '@tocsin/telemetry';

/** Incidents waited for at once; each takes a connection of the lane. */
const mostApart = 1;
/** Incidents in line for that. */
const mostFound = 1_000;
/** Alerts of one incident that are merged when its turn comes. */
const mostAtOnce = 300;
const mostLeft = 5_000;

/**
 * Alerts of incidents that somebody holds: merged apart, one incident after the other, waiting in line as every writer
 * does, while the lane goes on with the others. What finds no place here stays waiting in its row.
 */
export class HeldIncidents {
  private readonly found = new Map<string, Set<string>>();
  private readonly apart = new Map<string, Promise<void>>();
  private readonly left = new Set<string>();

  constructor(
    private readonly merge: (incident: string, ids: readonly string[]) => Promise<void>,
    private readonly log: Logger,
  ) {}

  /** Those that are waited for just now. */
  get incidents(): ReadonlySet<string> {
    return new Set(this.apart.keys());
  }

  /** Their alerts, as far as they are known: a sweep need not find them again and again. */
  get alerts(): readonly string[] {
    return [...this.left];
  }

  /** Alerts that will have their turn here: nobody need wait for them in another way. */
  get queued(): readonly string[] {
    return [...this.found.values()].flatMap((ids) => [...ids]);
  }

  add(locked: ReadonlyMap<string, readonly string[]>): void {
    for (const [incident, ids] of locked) {
      if (this.apart.has(incident)) this.leave(ids);
      else this.find(incident, ids);
    }
  }

  /** Goes on with what was added; to be called when the caller holds nothing of it any more. */
  begin(): void {
    for (const [incident, ids] of this.found) {
      if (this.apart.size >= mostApart) return;
      this.found.delete(incident);
      this.wait(incident, [...ids]);
    }
  }

  /** Until nothing is waited for any more, or for so long: what is not merged waits in its row as before. */
  async settled(withinMs: number): Promise<void> {
    this.found.clear();
    let timer: NodeJS.Timeout | undefined;
    const deadline = new Promise<void>((resolve) => (timer = setTimeout(resolve, withinMs)));
    await Promise.race([Promise.all(this.apart.values()), deadline]);
    clearTimeout(timer);
  }

  /** Beside those that were found before: replaced by newer ones, an alert of a hot incident would wait without end. */
  private find(incident: string, ids: readonly string[]): void {
    const known = this.found.get(incident) ?? new Set();
    if (known.size === 0 && this.found.size >= mostFound) return;
    for (const id of ids) if (known.size < mostAtOnce) known.add(id);
    this.found.set(incident, known);
  }

  private leave(ids: readonly string[]): void {
    if (this.left.size < mostLeft) for (const id of ids) this.left.add(id);
  }

  private wait(incident: string, ids: readonly string[]): void {
    this.leave(ids);
    const waiting = this.merge(incident, ids)
      .catch((error: unknown) => {
        const { code } = classify(error);
        // The others would fail as well; their alerts wait in their rows.
        if (code === 'store-unavailable') this.found.clear();
        this.log.warn('merge.held', { incidentId: incident, code });
      })
      .finally(() => {
        this.apart.delete(incident);
        if (this.apart.size === 0) this.left.clear();
        this.begin();
      });
    this.apart.set(incident, waiting);
  }
}
