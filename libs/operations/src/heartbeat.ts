import { beat, endBeat, type Pool, readPeers, type Service } from '@tocsin/store';
import type { Logger } from '@tocsin/telemetry';
import { v7 } from 'uuid';
import { Loop } from './loop.js';

const everyMs = 2_000;
const freshMs = 10_000;
const services: readonly Service[] = ['intake', 'engine', 'notifier', 'gateway'];

export interface HeartbeatOptions {
  readonly pool: Pool;
  readonly service: Service;
  readonly log: Logger;
  /** Asked at each beat; may try to become so. */
  readonly isReady: () => boolean | Promise<boolean>;
}

/** Keeps this process's row in `process_heartbeat` fresh, and remembers whether every service has been seen once. */
export class ProcessHeartbeat {
  private readonly id = v7();
  private readonly loop: Loop;
  private wholeSystemSeen = false;
  private missing: readonly Service[] = services;

  constructor(private readonly options: HeartbeatOptions) {
    this.loop = new Loop({ name: 'heartbeat', log: options.log, pass: () => this.pass() });
  }

  /** True from the first moment on at which every service had a fresh, ready process. */
  get hasSeenWholeSystem(): boolean {
    return this.wholeSystemSeen;
  }

  /** Services without a fresh, ready process as of the last beat. */
  get missingServices(): readonly Service[] {
    return this.missing;
  }

  async stop(): Promise<void> {
    await this.loop.stop();
    await endBeat(this.options.pool, this.id).catch(() => {});
  }

  private async pass(): Promise<number> {
    const { pool, service, isReady } = this.options;
    await beat(pool, { id: this.id, service, pid: process.pid, ready: await isReady() });
    const fresh = (await readPeers(pool))
      .filter((peer) => peer.ready && peer.ageMs < freshMs)
      .map((peer) => peer.service);
    this.missing = services.filter((name) => !fresh.includes(name));
    this.wholeSystemSeen ||= this.missing.length === 0;
    // Until the whole system has been seen once, somebody waits for it: look often.
    return this.wholeSystemSeen ? everyMs : 200;
  }
}
