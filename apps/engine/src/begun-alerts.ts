import { beginAlerts, forgiveAlerts, type Pool } from '@tocsin/store';

/**
 * Counts rows that a sweeper begins, so that one that kills its process is known by its count. Law: a count stays only
 * where this process did not come back, or where it was settled so.
 */
export class BegunAlerts {
  /** Counted by this process and not yet taken back. */
  private owed = new Set<string>();

  constructor(private readonly pool: Pool) {}

  /** Its count, if it has one, is this process's own: it says nothing of the row. */
  has(id: string): boolean {
    return this.owed.has(id);
  }

  /** Answers what may be worked now, with its count; what somebody holds is left out. */
  async begin(ids: readonly string[]): Promise<readonly { readonly id: string; readonly attempts: number }[]> {
    const again = ids.filter((id) => this.owed.has(id));
    const begun = await beginAlerts(
      this.pool,
      ids.filter((id) => !this.owed.has(id)),
    );
    for (const { id } of begun) this.owed.add(id);
    return [...begun, ...again.map((id) => ({ id, attempts: 0 }))];
  }

  /** Nothing is owed for these: they are merged, which sets their count to 0, or failed alone and shall count. */
  settle(ids: readonly string[]): void {
    for (const id of ids) this.owed.delete(id);
  }

  /** Takes back what is owed. What somebody holds just now, or the store does not answer for, stays owed. */
  async forgive(): Promise<void> {
    if (this.owed.size > 0) this.owed = new Set(await forgiveAlerts(this.pool, [...this.owed]));
  }
}
