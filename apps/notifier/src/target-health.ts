/** Silences in a row after which a target gets one call at a time and rests in between. */
const failuresUntilDown = 3;
const restMs = 5_000;

interface Target {
  inFlight: number;
  failures: number;
  restsUntil: number;
}

/**
 * How many calls each channel target may have at once: a dead webhook holds its share of a lane and no more, and once
 * it is known to be silent hardly any.
 */
export class TargetHealth {
  private readonly targets = new Map<string, Target>();

  constructor(
    private readonly most: number,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** Targets that take no further call now: a claim leaves their pages waiting. */
  get busy(): string[] {
    const now = this.now();
    return [...this.targets].filter(([, target]) => this.isBusy(target, now)).map(([id]) => id);
  }

  /** A target that answers has all its places taken: its pages need only wait for an answer. */
  get isFull(): boolean {
    return [...this.targets.values()].some(
      ({ inFlight, failures }) => failures < failuresUntilDown && inFlight >= this.most,
    );
  }

  begin(id: string): void {
    const target = this.targets.get(id) ?? { inFlight: 0, failures: 0, restsUntil: 0 };
    target.inFlight += 1;
    this.targets.set(id, target);
  }

  end(id: string, hasAnswered: boolean): void {
    const target = this.targets.get(id);
    if (!target) return;
    target.inFlight -= 1;
    target.failures = hasAnswered ? 0 : target.failures + 1;
    if (target.failures >= failuresUntilDown) target.restsUntil = this.now() + restMs;
    if (target.inFlight === 0 && target.failures === 0) this.targets.delete(id);
  }

  private isBusy({ inFlight, failures, restsUntil }: Target, now: number): boolean {
    if (failures < failuresUntilDown) return inFlight >= this.most;
    return inFlight > 0 || now < restsUntil;
  }
}
