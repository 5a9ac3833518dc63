import type { OnModuleDestroy } from '@nestjs/common';
import { ProcessHeartbeat } from '@tocsin/operations';
import type { Readiness as Answer } from '@tocsin/telemetry';
import { Parts } from './parts.js';

/** The first ready means that the whole system serves; from then on, that this gateway can read. */
export class Readiness implements OnModuleDestroy {
  private readonly heartbeat: ProcessHeartbeat;
  /** The own part: listening, and the log's reader has its first cursor. */
  started = false;

  constructor(private readonly parts: Parts) {
    this.heartbeat = new ProcessHeartbeat({
      pool: parts.livePool,
      service: 'gateway',
      log: parts.log,
      isReady: () => this.started,
    });
  }

  async check(): Promise<Answer> {
    if (!this.started) return { ready: false, reason: 'starting' };
    if (!this.heartbeat.hasSeenWholeSystem)
      return { ready: false, reason: `waiting for ${this.heartbeat.missingServices.join(', ')}` };
    await this.parts.pool.query('SELECT 1');
    return true;
  }

  async onModuleDestroy(): Promise<void> {
    await this.heartbeat.stop();
  }
}
