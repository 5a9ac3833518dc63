import { type Pool, withinDeadline } from '@tocsin/store';
import type { SourceDirectory } from './source-directory.js';

/** Ready while it can commit: a transaction with an id of its own on the critical connections, and a readable directory. */
export class Readiness {
  private prepared = false;

  constructor(
    private readonly pool: Pool,
    private readonly directory: SourceDirectory,
  ) {}

  get isPrepared(): boolean {
    return this.prepared;
  }

  async check(): Promise<{ ready: boolean; reason?: string }> {
    await this.directory.current();
    await withinDeadline(this.pool, 1_500, async (tx) => {
      await tx.query('BEGIN');
      await tx.query('SELECT pg_current_xact_id()');
      await tx.query('COMMIT');
    });
    this.prepared = true;
    return { ready: true };
  }
}
