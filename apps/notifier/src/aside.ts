/** Ids that are left alone for a while. */
export class Aside {
  private readonly until = new Map<string, number>();

  constructor(
    private readonly forMs: number,
    private readonly now: () => number = () => performance.now(),
  ) {}

  add(id: string): void {
    this.until.set(id, this.now() + this.forMs);
  }

  get ids(): string[] {
    const now = this.now();
    for (const [id, untilMs] of this.until) if (untilMs <= now) this.until.delete(id);
    return [...this.until.keys()];
  }
}
