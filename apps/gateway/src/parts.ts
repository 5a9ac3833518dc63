import type { GatewaySettings } from '@tocsin/config';
import type { Context, SignIn } from '@tocsin/operations';
import type { Ticks } from '@tocsin/realtime';
import type { Pool } from '@tocsin/store';
import type { Logger, Metrics } from '@tocsin/telemetry';
import type { Origins } from './edge/origins.js';

/** What the composition root made; one thing to inject. A class, because Nest finds providers by class. */
export class Parts {
  readonly settings: GatewaySettings;
  readonly log: Logger;
  readonly metrics: Metrics;
  /** Of requests. */
  readonly pool: Pool;
  /** Of the log's reader, snapshots and catch-up: a rush of consoles must not hold up an acknowledgement. */
  readonly livePool: Pool;
  readonly context: Context;
  readonly ticks: Ticks;
  readonly signIn: SignIn;
  readonly origins: Origins;

  constructor(parts: Parts) {
    Object.assign(this, parts);
  }
}
