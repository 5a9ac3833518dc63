/**
 * Bounds how many bytes of snapshots and catch-ups are on their way at once: 500 consoles that come back while thousands
 * of incidents are open would otherwise be answered with gigabytes in one turn. One always may go, whatever its size.
 */
export class StartGate {
  private outstanding = 0;
  private readonly line: (() => void)[] = [];

  constructor(private readonly mostBytes: number) {}

  /** @returns whether it had to wait: what was read before is then old. */
  async enter(bytes: number): Promise<boolean> {
    let waited = false;
    while (this.outstanding > 0 && this.outstanding + bytes > this.mostBytes) {
      waited = true;
      await new Promise<void>((resolve) => this.line.push(resolve));
    }
    this.outstanding += bytes;
    return waited;
  }

  leave(bytes: number): void {
    this.outstanding -= bytes;
    // Everybody looks again: of those who wait, some need less than others.
    for (const resolve of this.line.splice(0)) resolve();
  }

  /** For whoever entered and then failed. */
  giveUp(bytes: number, error: unknown): never {
    this.leave(bytes);
    throw error;
  }
}
