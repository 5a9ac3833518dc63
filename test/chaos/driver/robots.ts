import { pick, type Random, randomFor } from '../history/random';
import type { Acts } from './acts';
import { Console } from './consoles/console';
import type { WireIncident } from './consoles/wire';
import { drawPlay, type Play } from './robot-plays';
import type { SignedIn } from './sign-in';

export interface RobotsOptions {
  readonly seed: number;
  readonly gateway: string;
  readonly people: ReadonlyMap<string, SignedIn>;
  readonly acts: Acts;
  /** New plays a second, at most: people are few. */
  readonly playsPerSecond: number;
  /** Share of plays that race a due step (I16). */
  readonly races: number;
}

const lookEveryMs = 250;
const foreignEveryMs = 1_000;

/**
 * The people of the unit: they see what a console shows, and each open incident gets a play of its own. Whatever comes
 * back open after its play is played anew.
 */
export class Robots {
  readonly counts = { plays: 0, acts: 0 };
  private readonly random: Random;
  private readonly console: Console;
  private readonly playing = new Set<string>();
  private timers: NodeJS.Timeout[] = [];
  private allowance = 0;
  private isOver = false;

  constructor(private readonly options: RobotsOptions) {
    this.random = randomFor(options.seed, 'robots');
    this.console = new Console({ gateway: options.gateway, token: this.person('operator-1').token });
  }

  begin(): void {
    if (this.timers.length > 0) return;
    this.timers = [
      setInterval(() => this.look(), lookEveryMs),
      setInterval(() => void this.readForeign(), foreignEveryMs),
    ];
  }

  /** No further act. */
  close(): void {
    for (const timer of this.timers) clearInterval(timer);
    this.isOver = true;
    this.console.close();
  }

  private look(): void {
    const { playsPerSecond, races } = this.options;
    this.allowance = Math.min(playsPerSecond, this.allowance + (playsPerSecond * lookEveryMs) / 1_000);
    const open = [...this.console.replica.incidents.values()].filter(({ state }) => state === 'open');
    for (const incident of open) {
      if (this.allowance < 1) return;
      if (this.playing.has(incident.id)) continue;
      this.allowance -= 1;
      this.counts.plays += 1;
      this.playing.add(incident.id);
      void this.play(incident, drawPlay(this.random, races)).finally(() => this.playing.delete(incident.id));
    }
  }

  private async play(incident: WireIncident, play: Play): Promise<void> {
    const { id } = incident;
    const operator = this.person(`operator-${1 + Math.floor(this.random() * 3)}`);
    const commander = this.person('commander-1');
    switch (play.kind) {
      case 'leave':
        await this.after(play.resolveAfterMs, () => this.act(operator, 'resolve', id));
        return;
      case 'acknowledge':
      case 'race':
        await this.hold(incident, operator, play);
        return;
      case 'dispatch':
        await this.after(play.afterMs, () => this.act(operator, 'dispatch', id));
        await this.after(500, () => this.answer(id, play));
        await this.after(play.resolveAfterMs, () => this.act(operator, 'resolve', id));
        return;
      case 'close':
        await this.after(play.afterMs, () => this.act(commander, 'resolve', id));
        await this.after(200, () => this.act(commander, 'close', id));
        if (play.isReopened) await this.after(3_000, () => this.act(commander, 'reopen', id));
    }
  }

  private async hold(
    { id, escalation }: WireIncident,
    operator: SignedIn,
    { kind, act, afterMs, noteAfterMs, resolveAfterMs }: Extract<Play, { kind: 'acknowledge' | 'race' }>,
  ): Promise<void> {
    const dueAt = escalation?.nextDueAt ?? null;
    const waitMs = kind === 'race' && dueAt !== null ? Date.parse(dueAt) - Date.now() + afterMs : Math.abs(afterMs);
    await this.after(waitMs, async () => {
      const isHeld = (await this.act(operator, act, id)) === 'ok';
      if (isHeld) await this.options.acts.read(operator, 'incident', id);
    });
    if (noteAfterMs !== null) void this.after(noteAfterMs, () => this.act(operator, 'note', id, { text: 'Looking.' }));
    if (resolveAfterMs !== null) await this.after(resolveAfterMs, () => this.act(operator, 'resolve', id));
  }

  /** Those who were sent answer, each in his time, or do not. */
  private async answer(id: string, { answers, answerAfterMs }: Extract<Play, { kind: 'dispatch' }>): Promise<void> {
    const sent = this.console.replica.incidents.get(id)?.assignments.filter(({ state }) => state === 'notified') ?? [];
    const everybody = [...this.options.people.values()];
    sent.forEach(({ person }, index) => {
      const who = everybody.find((one) => one.id === person);
      const answer = answers[index] ?? null;
      if (who !== undefined && answer !== null)
        void this.after(answerAfterMs[index] ?? 0, () => this.act(who, answer, id));
    });
  }

  /** Somebody of one site asks for an incident of another. */
  private async readForeign(): Promise<void> {
    const narrow = [...this.options.people.values()].filter(
      ({ person }) => person.scope !== null && person.role === 'operator',
    );
    const who = pick(this.random, narrow);
    const foreign = [...this.console.replica.incidents.values()].filter(
      ({ site }) => site !== null && !who.person.scope?.includes(site),
    );
    if (foreign.length > 0) await this.options.acts.read(who, 'foreign', pick(this.random, foreign).id);
  }

  private act(...act: Parameters<Acts['act']>): ReturnType<Acts['act']> {
    this.counts.acts += 1;
    return this.options.acts.act(...act);
  }

  private async after(ms: number, what: () => Promise<unknown>): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, ms)));
    if (!this.isOver) await what();
  }

  private person(slug: string): SignedIn {
    const found = this.options.people.get(slug);
    if (found === undefined) throw new Error(`nobody is called ${slug}`);
    return found;
  }
}
