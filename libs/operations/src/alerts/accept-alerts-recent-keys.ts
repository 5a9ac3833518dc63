/** Keys of one generation: two of them cost at most 12 MB. */
const perGeneration = 50_000;

/**
 * Key hashes that were answered as firing lately. A hint and nothing more: it saves the insert that would be rolled
 * back, and a question to the database about budgets. Two generations: the older one is forgotten as a whole.
 */
export class RecentKeys {
  private young = new Set<string>();
  private old = new Set<string>();

  has(hash: string): boolean {
    return this.young.has(hash) || this.old.has(hash);
  }

  add(hash: string): void {
    this.young.add(hash);
    if (this.young.size < perGeneration) return;
    this.old = this.young;
    this.young = new Set();
  }

  delete(hash: string): void {
    this.young.delete(hash);
    this.old.delete(hash);
  }
}
