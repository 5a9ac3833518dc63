import type { AlertCollector, ProcessHeartbeat } from '@tocsin/operations';
import { type Pool, withinDeadline } from '@tocsin/store';
import type { SourceDirectory } from './source-directory.js';

export interface ReadinessParts {
  readonly pool: Pool;
  readonly directory: SourceDirectory;
  readonly collector: AlertCollector;
}

/**
 * Ready the first time: connections open, statements prepared, one full pass rolled back, and the whole system seen.
 * After that, ready while it can commit (decisions.md section 9).
 */
export class Readiness {
  private begun = false;
  private rehearsed = false;
  private rehearsing: Promise<void> | undefined;

  constructor(private readonly parts: ReadinessParts) {}

  /**
   * What this process tells its peers by its heartbeat. A rehearsal that failed is repeated at each beat, whether or not
   * anybody asks here: a gateway that has just started waits for us, and whoever watches may wait for the gateway.
   */
  async isPrepared(): Promise<boolean> {
    if (this.begun) await this.prepare().catch(() => undefined);
    return this.rehearsed;
  }

  /** Once the doors are open. Throws what the rehearsal met. */
  prepare(): Promise<void> {
    this.begun = true;
    if (this.rehearsed) return Promise.resolve();
    this.rehearsing ??= this.rehearse().finally(() => {
      this.rehearsing = undefined;
    });
    return this.rehearsing;
  }

  private async rehearse(): Promise<void> {
    const { config } = await this.parts.directory.current();
    await this.parts.collector.rehearse({ kind: 'source', agency: config.agency.id, id: 'rehearsal' });
    this.rehearsed = true;
  }

  /** Throws the store's fault when it cannot commit. */
  async check(heartbeat: ProcessHeartbeat): Promise<{ ready: boolean; reason?: string }> {
    await this.prepare();
    if (!heartbeat.hasSeenWholeSystem)
      return { ready: false, reason: `waiting for ${heartbeat.missingServices.join(', ')}` };
    await withinDeadline(this.parts.pool, 1_500, async (tx) => {
      await tx.query('BEGIN; SELECT pg_current_xact_id(); COMMIT');
    });
    return { ready: true };
  }
}
