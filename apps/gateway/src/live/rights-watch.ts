import type { RevokedMessage } from '@tocsin/contracts';
import type { ConfigDocument } from '@tocsin/domain';
import { seesAnything, sessionAtMostS, sessionIdleS, sightOf } from '@tocsin/operations';
import { readStandings, type SessionStanding, slideSessions } from '@tocsin/store';
import { Parts } from '../parts.js';
import type { ConsoleHub } from './console-hub.js';
import type { Subscriber } from './subscriber.js';

const everyMs = 2_000;
/** Ticks come a hundred times a second when it is busy. */
const gapMs = 250;
const slideEveryMs = 60_000;

/** One query re-checks the sessions and grants of all sockets of this gateway, every 2 s and on a tick. */
export class RightsWatch {
  private timer: NodeJS.Timeout | undefined;
  private checking = false;
  private stopped = false;
  private checkedAt = Number.NEGATIVE_INFINITY;
  private slidAt = performance.now();
  private readonly unhear: () => void;

  constructor(
    private readonly parts: Parts,
    private readonly hub: ConsoleHub,
  ) {
    this.unhear = parts.ticks.onTick(() => this.schedule(Math.max(0, gapMs - (performance.now() - this.checkedAt))));
    this.schedule(everyMs);
  }

  stop(): void {
    this.stopped = true;
    this.unhear();
    clearTimeout(this.timer);
  }

  private dueAt = Number.POSITIVE_INFINITY;

  private schedule(inMs: number): void {
    const dueAt = performance.now() + inMs;
    if (this.stopped || this.checking || dueAt >= this.dueAt) return;
    clearTimeout(this.timer);
    this.dueAt = dueAt;
    this.timer = setTimeout(() => void this.pass(), inMs);
  }

  private async pass(): Promise<void> {
    this.dueAt = Number.POSITIVE_INFINITY;
    this.checking = true;
    try {
      await this.check();
    } catch (error) {
      // Without an answer nobody's rights are known to have ended; REST refuses by itself.
      this.parts.log.warn('live.rights_unread', { error });
    }
    this.checkedAt = performance.now();
    this.checking = false;
    this.schedule(everyMs);
  }

  private async check(): Promise<void> {
    const subscribers = [...this.hub.subscribers.values()];
    if (subscribers.length === 0) return;
    const ids = [...new Set(subscribers.map(({ sessionId }) => sessionId))];
    const standings = new Map(
      (await readStandings(this.parts.livePool, ids)).map((standing) => [standing.sessionId, standing]),
    );
    const { document } = await this.parts.context.config.current();
    for (const subscriber of subscribers) {
      const standing = standings.get(subscriber.sessionId);
      const ended = endOf(standing);
      if (ended !== null) this.hub.revoke(subscriber, ended);
      else await this.judge(subscriber, standing as SessionStanding, document);
    }
    await this.slide(ids);
  }

  /** Of 500 consoles few have other rights than 250 ms ago: the same grants under the same configuration are the same sight. */
  private async judge(subscriber: Subscriber, standing: SessionStanding, document: ConfigDocument): Promise<void> {
    const rights = JSON.stringify([standing.agency, standing.grants]);
    if (subscriber.judged?.rights === rights && subscriber.judged.document === document) return;
    if (!seesAnything(sightOf(standing, document.sites))) return this.hub.revoke(subscriber, 'no-rights');
    await this.hub.moveTo(subscriber, personOf(standing));
    subscriber.judged = { rights, document };
  }

  /** An open console is a session in use. */
  private async slide(ids: readonly string[]): Promise<void> {
    if (performance.now() - this.slidAt < slideEveryMs) return;
    this.slidAt = performance.now();
    await slideSessions(this.parts.livePool, ids, sessionIdleS, sessionAtMostS);
  }
}

function endOf(standing: SessionStanding | undefined): RevokedMessage['code'] | null {
  if (standing?.active === false) return 'person-inactive';
  if (standing === undefined || standing.ended) return 'session-ended';
  return standing.expired ? 'session-expired' : null;
}

function personOf({ id, agency, grants }: SessionStanding): Subscriber['person'] {
  return { id, agency, grants };
}
