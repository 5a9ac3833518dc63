import { setTimeout as pause } from 'node:timers/promises';
import type { SiteView } from '@tocsin/contracts';
import type { Cast } from './cast.js';
import { DoorRefused, type IntakeDoor } from './doors.js';

export interface SceneParts {
  readonly intake: IntakeDoor;
  readonly cast: Cast;
  readonly sites: readonly SiteView[];
  /** One line of what happens. */
  readonly say: (line: string) => void;
  /** Story seconds per second. What the system itself times (escalation) is not hurried. */
  readonly speed?: number;
  readonly signal?: AbortSignal;
}

/** Where a story is played: the doors, the cast and the story's own clock, which starts with the scene. */
export class Scene {
  readonly intake: IntakeDoor;
  readonly cast: Cast;
  readonly sites: readonly SiteView[];
  readonly say: (line: string) => void;
  private readonly startedAt = performance.now();
  private readonly speed: number;
  private readonly signal: AbortSignal | undefined;

  constructor(parts: SceneParts) {
    ({ intake: this.intake, cast: this.cast, sites: this.sites, say: this.say } = parts);
    this.speed = parts.speed ?? 1;
    this.signal = parts.signal;
  }

  /** Story seconds since the beginning. */
  get now(): number {
    return ((performance.now() - this.startedAt) / 1_000) * this.speed;
  }

  /** Waits until the story is `seconds` old; at once when it is. */
  async at(seconds: number): Promise<void> {
    const waitMs = ((seconds - this.now) / this.speed) * 1_000;
    if (waitMs > 0) await pause(waitMs, undefined, { signal: this.signal });
  }

  /** Asks until the answer is there. Throws after `withinS` real seconds. */
  async until<T>(what: string, ask: () => Promise<T | undefined>, withinS: number): Promise<T> {
    const deadline = performance.now() + withinS * 1_000;
    for (;;) {
      const answer = await ask();
      if (answer !== undefined) return answer;
      if (performance.now() > deadline) throw new Error(`waited ${withinS} s in vain for ${what}`);
      await pause(250, undefined, { signal: this.signal });
    }
  }

  /** Does what may be no legal move any more, because a spectator at a console was faster: said, not thrown. */
  async attempt<T>(what: string, act: () => Promise<T>): Promise<T | undefined> {
    try {
      return await act();
    } catch (error) {
      if (!(error instanceof DoorRefused) || error.status !== 409) throw error;
      this.say(`${what}: not done, ${error.message}`);
      return undefined;
    }
  }

  /** "Pine Hill School, Gate". */
  place(site: string | null, zone?: string | null): string {
    const found = this.sites.find(({ id }) => id === site);
    const inside = found?.zones.find(({ id }) => id === zone);
    return [found?.name.en ?? site ?? 'no site', ...(inside === undefined ? [] : [inside.name.en])].join(', ');
  }
}
