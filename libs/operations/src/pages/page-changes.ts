import { because, type DomainEvent, type Instant, type NewNotification } from '@tocsin/domain';
import { type Change, commitDecisions, type Loaded, type Tx } from '@tocsin/store';
import type { OkDecision } from '@tocsin/store';

/** What pages do to incidents within one transaction: events and new notifications, gathered per incident. */
export class PageChanges {
  private readonly events = new Map<string, DomainEvent[]>();
  private readonly queued = new Map<string, NewNotification[]>();
  private readonly decided = new Map<string, OkDecision>();

  add(incident: string, event: DomainEvent): void {
    const own = this.events.get(incident);
    if (own) own.push(event);
    else this.events.set(incident, [event]);
  }

  queue(incident: string, notification: NewNotification): void {
    this.queued.set(incident, [...(this.queued.get(incident) ?? []), notification]);
  }

  /** A rule's decision on the incident; its events stand before those that were added. */
  decide(incident: string, decision: OkDecision): void {
    this.decided.set(incident, decision);
  }

  /** Writes them; answers the new notifications, to be relayed after COMMIT. */
  async commit(tx: Tx, now: Instant, loaded: ReadonlyMap<string, Loaded>): Promise<readonly NewNotification[]> {
    const touched = new Set([...this.decided.keys(), ...this.events.keys(), ...this.queued.keys()]);
    const changes: Change[] = [];
    for (const id of touched) {
      const one = loaded.get(id);
      if (!one) continue;
      const decision = this.decided.get(id);
      const queued = this.queued.get(id);
      const decisions = [
        ...(decision ? [decision] : []),
        ...(queued ? [queueing(decision?.next ?? one.aggregate, queued)] : []),
      ];
      changes.push({ loaded: one, decisions, events: this.events.get(id) ?? [] });
    }
    return changes.length === 0 ? [] : (await commitDecisions(tx, now, changes)).notifications;
  }
}

/** A decision that only queues notifications: the incident itself stays as it is. */
function queueing(next: Loaded['aggregate'], notifications: readonly NewNotification[]): OkDecision {
  return {
    ok: true,
    next,
    ended: { runs: [], timers: [], assignments: [] },
    events: [],
    effects: notifications.map((notification) => ({ kind: 'notify', notification })),
    reason: because('page-next-way'),
  };
}
